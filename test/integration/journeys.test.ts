import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AskResult } from "../../src/campaign/suggestion.js";
import { runCli } from "../cli/fake-effects.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-journey-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const campaign = "calendering.campaign.yaml";
const suggest = async (...more: string[]): Promise<AskResult> => {
  const { code, out, err } = await runCli(folder, ["suggest", campaign, "--format", "json", ...more]);
  expect(err).toBe("");
  expect(code).toBe(0);
  return JSON.parse(out) as AskResult;
};
const record = (...results: string[]): ReturnType<typeof runCli> =>
  runCli(folder, ["record", campaign, ...results]);
const settingsOf = (answer: AskResult): string[] =>
  answer.suggestions.map((s) => JSON.stringify(s.parameters));

describe("the process engineer's journey", () => {
  beforeEach(async () => {
    await runCli(folder, ["init", "calendering"]);
  });

  it("goes from init over suggest and record to suggestions of a model", async () => {
    for (let round = 0; round < 3; round++) {
      const { suggestions } = await suggest();
      for (const [i, s] of suggestions.entries()) {
        const load = Number(s.parameters["line_load"]);
        const result = await record(
          `trial=${s.trial}`,
          `porosity=${(38 - load / 150 + 0.1 * i).toFixed(1)}`,
          `adhesion=${(10 + load / 60).toFixed(1)}`,
        );
        expect(result.code).toBe(0);
      }
    }
    const { suggestions, provenance } = await suggest();
    expect(suggestions.every((s) => s.origin === "model")).toBe(true);
    expect(suggestions[0]!.predictions["porosity"]!.source).toBe("learned");
    expect(suggestions[0]!.predictions["calendering_cost"]!.source).toBe("known");
    expect(provenance.seal).toMatch(/^[0-9a-f]{64}$/);
  });

  it("never suggests the same settings twice, not even to two terminals at once", async () => {
    const answers = await Promise.all([suggest(), suggest()]);
    const later = await suggest();
    const all = [...answers, later].flatMap(settingsOf);
    expect(new Set(all).size).toBe(12);
    const ids = [...answers, later].flatMap((a) => a.suggestions.map((s) => s.trial));
    expect(new Set(ids).size).toBe(12);
  });

  it("records a result once, however often it is told, and refuses another value without --correct", async () => {
    const trial = (await suggest("-n", "1")).suggestions[0]!.trial;
    expect((await record(`trial=${trial}`, "porosity=31")).out).toContain("completed");
    expect((await record(`trial=${trial}`, "porosity=31")).out).toContain("nothing changed");
    const other = await record(`trial=${trial}`, "porosity=35");
    expect(other.code).toBe(2);
    expect(other.err).toContain("--correct");
    expect(
      (await record(`trial=${trial}`, "porosity=35", "--correct", "--reason", "typing error")).code,
    ).toBe(0);
  });

  it("takes a run that nobody suggested, with units", async () => {
    const told = [
      "line_load=0.5kN/mm",
      "roll_temperature=80",
      "line_speed=20",
      "initial_porosity=44",
      "porosity=0.31 1",
    ];
    const { code, out, err } = await record(...told);
    expect(err).not.toContain("cellwright:");
    expect(code).toBe(0);
    expect(out).toMatch(/porosity 31/);
  });

  it("matches a result to a suggestion by its settings", async () => {
    const s = (await suggest("-n", "1")).suggestions[0]!;
    const settings = Object.entries(s.parameters).map(([name, value]) => `${name}=${value}`);
    expect((await record(...settings, "porosity=30")).out).toContain(`${s.trial}: completed`);
  });

  it("keeps a failed run with its reason", async () => {
    const trial = (await suggest("-n", "1")).suggestions[0]!.trial;
    expect((await record(`trial=${trial}`, "status=failed", "reason=wrinkles")).out).toContain(
      "failed (wrinkles)",
    );
  });

  it("says which trials are open when an id is unknown", async () => {
    const trial = (await suggest("-n", "1")).suggestions[0]!.trial;
    const { code, err } = await record("trial=nobody", "porosity=30");
    expect(code).toBe(2);
    expect(err).toContain(trial);
  });

  it("round-trips suggestions through a CSV that is filled in", async () => {
    await runCli(folder, ["suggest", campaign, "--out", "next.csv"]);
    const [header, ...rows] = readFileSync(join(folder, "next.csv"), "utf8").trimEnd().split("\n");
    const column = header!.split(",").findIndex((name) => name.startsWith("porosity"));
    const filled = rows.slice(0, 2).map((row) =>
      row
        .split(",")
        .map((cell, i) => (i === column ? "30.5" : cell))
        .join(","),
    );
    writeFileSync(join(folder, "next.csv"), [header, ...filled, ...rows.slice(2)].join("\n"));
    const { code, out, err } = await runCli(folder, ["record", campaign, "--data", "next.csv"]);
    expect(err).not.toContain("cellwright:");
    expect(code).toBe(0);
    expect(out.match(/completed/g)).toHaveLength(2);
    expect(out).toContain("2 rows have no result yet");
  });

  it("remembers nothing with --data", async () => {
    writeFileSync(join(folder, "empty.csv"), readFileSync(join(folder, "runs.csv")));
    const first = await suggest("--data", "empty.csv");
    const second = await suggest("--data", "empty.csv");
    expect(second.provenance.seal).toBe(first.provenance.seal);
    expect(existsSync(join(folder, ".cellwright", "calendering-cathode.db"))).toBe(false);
  });

  it("holds a fixed parameter and a given context for one request", async () => {
    const { suggestions } = await suggest("--fix", "roll_temperature=60", "--context", "initial_porosity=50");
    for (const s of suggestions) {
      expect(s.parameters["roll_temperature"]).toBe(60);
      expect(s.context["initial_porosity"]).toBe(50);
    }
  });

  it("names a fixed value that no suggestion could have", async () => {
    const { code, err } = await runCli(folder, ["suggest", campaign, "--fix", "roll_temperature=61"]);
    expect(code).toBe(2);
    expect(err).toContain("roll_temperature");
  });

  it("writes nothing when the output cannot be written, and keeps the old file", async () => {
    const { code, err } = await runCli(folder, ["suggest", campaign, "--out", "no/such/folder/next.csv"]);
    expect(code).toBe(2);
    expect(err).toContain("next.csv");
  });
});

describe("the report", () => {
  it("is one self-contained file with the answer, and its figures as SVG and PNG", async () => {
    const file = resolve("datasets/campaigns/nmc622-pilot-density.campaign.yaml");
    const { code, out } = await runCli(folder, [
      "report",
      file,
      "--out",
      "r.html",
      "--plots",
      "figures",
      "-n",
      "2",
    ]);
    expect(code).toBe(0);
    expect(out).toBe("r.html\n");
    const page = readFileSync(join(folder, "r.html"), "utf8");
    expect(page).toContain("Run these next");
    expect(page).not.toMatch(/<script|(?:src|href)="https?:/);
    const figures = readdirSync(join(folder, "figures"));
    expect(figures.filter((name) => name.endsWith(".svg")).length).toBeGreaterThan(10);
    expect(
      readFileSync(join(folder, "figures", figures.find((name) => name.endsWith(".png"))!))
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
  }, 120_000);
});

describe("the scheduler's and the data scientist's journeys", () => {
  const shipped = "datasets/campaigns/nmc622-pilot-density.campaign.yaml";
  const copy = (): string => {
    writeFileSync(join(folder, "nmc.campaign.yaml"), readFileSync(shipped));
    return "nmc.campaign.yaml";
  };

  it("trains, lists, shows, predicts, and retrains only when something is new", async () => {
    const file = copy();
    const trained = await runCli(folder, [
      "train",
      file,
      "--surrogates",
      "gp,response-surface",
      "--folds",
      "3",
    ]);
    expect(trained.err).toContain("champion");
    expect(trained.code).toBe(0);
    expect(trained.out).toContain("response-surface");
    expect((await runCli(folder, ["models", "list", file])).out).toContain("champion");
    expect((await runCli(folder, ["models", "show", file])).out).toContain("porosity_after");
    writeFileSync(
      join(folder, "ask.csv"),
      "target_density [g/cm3],roll_temperature [degC],target_coating_weight [g/m2]\n2.95,120,182.73\n",
    );
    const predicted = await runCli(folder, ["predict", file, "--data", "ask.csv", "--format", "json"]);
    expect(predicted.code).toBe(0);
    const { rows } = JSON.parse(predicted.out) as {
      rows: { predictions: Record<string, { mean: number }> }[];
    };
    expect(rows[0]!.predictions["porosity_after"]!.mean).toBeGreaterThan(33);
    expect(rows[0]!.predictions["porosity_after"]!.mean).toBeLessThan(37);

    const again = await runCli(folder, ["retrain", file, "--folds", "3"]);
    const events = again.out
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toContain("nothing-new");
    expect(again.code).toBe(3);
  }, 120_000);

  it("exits 4 when another run holds the lock", async () => {
    const file = copy();
    const { acquireRunLock } = await import("../../src/adapters/run-lock.js");
    const { openModelFiles } = await import("../../src/adapters/model-files.js");
    const lock = acquireRunLock(openModelFiles(join(folder, "models"), "nmc622-pilot-density").lockPath);
    try {
      expect((await runCli(folder, ["retrain", file, "--folds", "3"])).code).toBe(4);
    } finally {
      lock.release();
    }
  });
});
