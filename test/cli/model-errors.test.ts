import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli } from "./fake-effects.js";
import { scratchFolder } from "./scratch-folder.js";

const folder = scratchFolder();

const CAMPAIGN = `campaign: trained
parameters:
  gap: { unit: um, min: 60, max: 120 }
outcomes:
  porosity: { unit: "%", goal: minimize }
data: runs.csv
`;
const RUNS = `trial,gap,porosity\n${Array.from({ length: 10 }, (_, i) => `t${i},${62 + 6 * i},${(25 + 1.1 * i + (i % 3) / 10).toFixed(2)}`).join("\n")}\n`;
const TRAIN = ["train", "c.yaml", "--surrogates", "response-surface", "--folds", "5"];

let version = "";
let saved = "";
beforeAll(async () => {
  saved = mkdtempSync(join(tmpdir(), "cellwright-models-"));
  writeFileSync(join(saved, "c.yaml"), CAMPAIGN);
  writeFileSync(join(saved, "runs.csv"), RUNS);
  expect((await runCli(saved, TRAIN)).code).toBe(0);
  version = readdirSync(join(saved, "models/trained")).find((name) => name.startsWith("0001-"))!;
  return () => rmSync(saved, { recursive: true, force: true });
});

const trained = (): void => cpSync(saved, folder.path(), { recursive: true });
const model = (file: string): string => `models/trained/${version}/${file}`;
const CHAMPION = "models/trained/champion.json";

describe("train", () => {
  it("takes names of surrogates as --models too, which otherwise is a folder", async () => {
    folder.write("c.yaml", CAMPAIGN);
    folder.write("runs.csv", RUNS);
    const { code, out } = await folder.run(["train", "c.yaml", "--models", "gp,response-surface"]);
    expect(code).toBe(0);
    expect(out).toMatch(/gaussian-process.*\n.*response-surface/u);
    expect(readdirSync(folder.path()).sort()).toEqual(["c.yaml", "models", "runs.csv"]);
  });

  it("names the outcomes that lack results, not those that are computed", async () => {
    folder.write(
      "c.yaml",
      `${CAMPAIGN.replace("data: runs.csv\n", "")}  width: { unit: um, formula: 2 * gap }\n`,
    );
    const err = await folder.refused("train", "c.yaml");
    expect(err).toContain("porosity: found it was never measured, expected at least one measured run");
    expect(err).not.toContain("width");
  });
});

describe("without a model", () => {
  it.each([
    ["predict", ["--data", "runs.csv"]],
    ["models", []],
  ])("%s says how to make one", async (command, more) => {
    folder.write("c.yaml", CAMPAIGN);
    folder.write("runs.csv", RUNS);
    const argv = command === "models" ? ["models", "show", "c.yaml"] : [command, "c.yaml", ...more];
    expect(await folder.refused(...argv)).toContain("Make one with: cellwright train");
  });

  it("list is empty, and says how to fill it", async () => {
    folder.write("c.yaml", CAMPAIGN);
    const { code, out } = await folder.run(["models", "list", "c.yaml"]);
    expect([code, out]).toEqual([0, "No models are saved yet. Make one with: cellwright train c.yaml\n"]);
  });

  it("promote and rollback have nothing to do", async () => {
    folder.write("c.yaml", CAMPAIGN);
    expect(await folder.refused("models", "promote", "c.yaml", "0001")).toContain("none is saved");
    expect((await folder.run(["models", "rollback", "c.yaml"])).code).toBe(3);
  });
});

describe("train and retrain", () => {
  it.each([
    [["train", "--folds", "1"], '--folds: found "1", expected a whole number of at least 2, or all'],
    [["train", "--folds", "many"], '--folds: found "many"'],
    [["train", "--surrogates", "gp,foo"], '--surrogates: found "foo", expected some of gp'],
    [["train", "--group", "coil"], '--group: found "coil", expected a column of the data'],
    [["retrain", "--folds", "0"], '--folds: found "0"'],
  ])("%j is refused", async ([command, ...more], message) => {
    folder.write("c.yaml", CAMPAIGN);
    folder.write("runs.csv", RUNS);
    expect(await folder.refused(command!, "c.yaml", ...more)).toContain(message);
  });

  it("retrain writes one JSON line a step, also of a failure", async () => {
    trained();
    const { code, out, err } = await folder.run(["retrain", "c.yaml", "--data", "nowhere.csv"]);
    expect(code).toBe(2);
    expect(err).toContain("There is no file nowhere.csv");
    const events = out
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toEqual(["started", "locked", "failed"]);
  });

  it("retrain keeps the champion whole where its data are damaged", async () => {
    trained();
    const before = folder.read(CHAMPION);
    folder.write("runs.csv", "trial,gap,porosity\nt1,high,30\n");
    expect((await folder.run(["retrain", "c.yaml"])).code).toBe(2);
    expect(folder.read(CHAMPION)).toBe(before);
    folder.write("runs.csv", RUNS);
    const { code, out } = await folder.run(["predict", "c.yaml", "--data", "runs.csv"]);
    expect(code).toBe(0);
    expect(out).toContain("gap (um)");
    expect(out).toContain("porosity (%)");
  });

  it("say so where a file is in the way of the models", async () => {
    folder.write("c.yaml", CAMPAIGN);
    folder.write("runs.csv", RUNS);
    folder.write("models", "");
    expect(await folder.refused(...TRAIN)).toContain("cannot be made");
  });
});

describe("predict", () => {
  it.each([
    ["gap\n70\n8,9\n", "line 3: found 2 cells"],
    ["trial,gap\na,70\nb,\n", "line 3, column gap: found an empty cell, expected a value"],
    ["gapp\n70\n", 'If "gapp" is meant, rename that column to gap'],
    ["gap [MPa]\n70\n", "expected a unit that converts to um"],
    ["gap\n", "no rows with settings to predict"],
  ])("of %j is refused", async (content, message) => {
    trained();
    folder.write("ask.csv", content);
    expect(await folder.refused("predict", "c.yaml", "--data", "ask.csv")).toContain(message);
  });

  it("warns where a row lies outside the bounds", async () => {
    trained();
    folder.write("ask.csv", "gap\n70\n500\n");
    const { err } = await folder.run(["predict", "c.yaml", "--data", "ask.csv"]);
    expect(err).toContain("1 row outside the bounds or constraints: predictions there extrapolate");
  });

  it("knows the versions that there are", async () => {
    trained();
    expect(await folder.refused("predict", "c.yaml", "--data", "runs.csv", "--model", "9")).toContain(
      `has no model 9 (saved: ${version})`,
    );
  });
});

describe("a damaged model folder", () => {
  const predict = (): Promise<string> => folder.refused("predict", "c.yaml", "--data", "runs.csv");
  const list = async (): Promise<string> => (await folder.run(["models", "list", "c.yaml"])).out;

  it.each([
    ["empty", ""],
    ["cut off", '{ "schema": "cellwright'],
    ["of another kind", "[1]"],
    ["of nothing", "{}"],
  ])("has a model file %s: named, listed, and never used", async (_, content) => {
    trained();
    folder.write(model("model.json"), content);
    expect(await predict()).toContain(`${version}/model.json`);
    expect((await list()).replaceAll(/[\s│]+/gu, " ")).toMatch(/is damaged|is no model/u);
    expect(await folder.refused("models", "promote", "c.yaml", version)).toContain("model.json");
  });

  it.each(["model.json", "card.md"])("lacks %s", async (file) => {
    trained();
    rmSync(folder.path(model(file)));
    const argv =
      file === "card.md" ? ["models", "show", "c.yaml"] : ["predict", "c.yaml", "--data", "runs.csv"];
    expect(await folder.refused(...argv)).toContain(`${file} is missing`);
  });

  it("names values of a model that it cannot read, a few of them", async () => {
    trained();
    folder.write(
      model("model.json"),
      folder.read(model("model.json")).replaceAll('"response-surface"', '"other"'),
    );
    const err = await predict();
    expect(err).toContain('found "other", expected one of');
    expect(err.trimEnd().split("\n").length).toBeLessThanOrEqual(6);
  });

  it.each([
    ["empty", ""],
    ["of nothing", "{}"],
  ])("has a champion file %s: says how to name one again, and then works", async (_, content) => {
    trained();
    folder.write(CHAMPION, content);
    expect(await predict()).toContain("delete it, and name the champion with: cellwright models promote");
    rmSync(folder.path(CHAMPION));
    expect((await folder.run(["models", "promote", "c.yaml", "1"])).out).toContain(
      `The champion is ${version}`,
    );
    expect((await folder.run(["predict", "c.yaml", "--data", "runs.csv"])).code).toBe(0);
  });

  it("names a champion that is gone, and what to do", async () => {
    trained();
    folder.write(CHAMPION, folder.read(CHAMPION).replaceAll(version, "0009-00000000"));
    expect(await list()).toContain("The champion, 0009-00000000, is missing");
    expect(await predict()).toContain("is missing");
  });

  it("has a folder in place of the champion file", async () => {
    trained();
    rmSync(folder.path(CHAMPION));
    mkdirSync(folder.path(CHAMPION));
    expect(await predict()).toContain("It is a folder");
  });
});
