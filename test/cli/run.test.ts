import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "./fake-effects.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const COMMANDS = [
  "demo",
  "init",
  "suggest",
  "record",
  "report",
  "data",
  "train",
  "predict",
  "retrain",
  "models",
];

describe("the command line", () => {
  it("lists every command in --help and gives each an example or a description", async () => {
    const { code, out } = await runCli(folder, ["--help"]);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(out).toContain(`  ${command}`);
  });

  it.each(["demo", "init", "suggest", "record", "report", "train", "predict", "retrain"])(
    "shows an example in `help %s`",
    async (command) => {
      const { code, out } = await runCli(folder, ["help", command]);
      expect(code).toBe(0);
      expect(out).toContain("Example:");
      expect(out).toContain(`cellwright ${command}`);
    },
  );

  it("prints the version of package.json", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect((await runCli(folder, ["--version"])).out).toBe(`${version}\n`);
  });

  it("suggests the spelling of an unknown command and exits 2", async () => {
    const { code, err } = await runCli(folder, ["sugest"]);
    expect(code).toBe(2);
    expect(err).toContain("suggest");
  });

  it("refuses a value that an option cannot take", async () => {
    expect((await runCli(folder, ["suggest", "x.yaml", "--count", "0"])).code).toBe(2);
    expect((await runCli(folder, ["suggest", "x.yaml", "--format", "pdf"])).code).toBe(2);
  });

  it("prints nothing on standard output when it fails", async () => {
    const { code, out, err } = await runCli(folder, ["suggest", "nowhere.yaml", "--format", "json"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("There is no file nowhere.yaml");
    expect(err).not.toContain("at "); // no stack trace
  });
});

describe("a campaign file that cannot be read", () => {
  const suggest = async (name: string): ReturnType<typeof runCli> => runCli(folder, ["suggest", name]);

  it("is named when it is a folder", async () => {
    const { code, err } = await suggest(".");
    expect(code).toBe(2);
    expect(err).toContain("is a folder");
  });

  it("is refused when YAML aliases expand without end", async () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `${"bcdefghij"[i]}: &${"bcdefghij"[i]} [${`*${"abcdefghi"[i]},`.repeat(9).slice(0, -1)}]`,
    );
    writeFileSync(join(folder, "bomb.yaml"), `a: &a [x]\n${levels.join("\n")}\n`);
    const { code, err } = await suggest("bomb.yaml");
    expect(code).toBe(2);
    expect(err).toContain("aliases");
  });

  it("says the line of a YAML mistake", async () => {
    writeFileSync(join(folder, "bad.yaml"), "campaign: a\nparameters: {\n");
    const { code, err } = await suggest("bad.yaml");
    expect(code).toBe(2);
    expect(err).toMatch(/line \d+/);
  });

  it("lists every problem at once with its line", async () => {
    writeFileSync(
      join(folder, "c.yaml"),
      "campaign: a\nparameters:\n  load: { unit: N/mm, min: 9, max: 1 }\n  speed: { unit: bananas, min: 1, max: 2 }\noutcomes:\n  y: { unit: '1', goal: maximise }\n",
    );
    const { code, err } = await suggest("c.yaml");
    expect(code).toBe(2);
    for (const line of ["line 3, parameters.load", "line 4, parameters.speed", "line 6, outcomes.y.goal"]) {
      expect(err).toContain(line);
    }
  });

  it("is refused when it is far too large to be one", async () => {
    writeFileSync(join(folder, "large.yaml"), "x".repeat(2_000_000));
    expect((await suggest("large.yaml")).err).toContain("--data");
  });
});

describe("cellwright init", () => {
  it.each(["calendering", "formation"])(
    "writes a %s campaign and template that check and suggest accept",
    async (process) => {
      const { code, out } = await runCli(folder, ["init", process, "--dir", "line"]);
      expect(code).toBe(0);
      for (const word of ["parameters", "context", "outcomes", "constraints", "group", "Next:"])
        expect(out).toContain(word);
      const campaign = `line/${process}.campaign.yaml`;
      expect((await runCli(folder, ["data", "check", campaign])).code).toBe(0);
      const suggested = await runCli(folder, ["suggest", campaign, "--format", "json"]);
      expect(suggested.err).toBe("");
      expect(suggested.code).toBe(0);
      expect((JSON.parse(suggested.out) as { suggestions: unknown[] }).suggestions).toHaveLength(4);
    },
  );

  it("never overwrites a file", async () => {
    await runCli(folder, ["init", "calendering"]);
    writeFileSync(join(folder, "runs.csv"), "mine");
    const { code, err } = await runCli(folder, ["init", "calendering"]);
    expect(code).toBe(2);
    expect(err).toContain("nothing was written");
    expect(readFileSync(join(folder, "runs.csv"), "utf8")).toBe("mine");
  });

  it("says which processes there are", async () => {
    expect((await runCli(folder, ["init", "baking"])).err).toContain("calendering or formation");
  });
});
