import { describe, expect, it } from "vitest";
import { campaignYaml, csvText, scratchFolder } from "./scratch-folder.js";

const folder = scratchFolder();

describe("the command line itself", () => {
  it.each([
    [["sugest"], "Did you mean suggest?"],
    [["data", "lst"], "Did you mean list?"],
    [["help", "sugest"], "Did you mean suggest?"],
    [["help", "data", "chek"], "Did you mean check?"],
    [["help", "nothing"], "There are: demo, init, suggest"],
    [["suggest"], "Type `cellwright help suggest` for its options and an example."],
    [["data", "check"], "Type `cellwright help data check`"],
    [["suggest", "c.yaml", "--fromat", "json"], "--format"],
    [["suggest", "c.yaml", "--format", "xml"], "table, json, csv"],
    [["predict", "c.yaml"], "--data <file>"],
    [["init", "caldering"], "Did you mean calendering?"],
  ])("helps after %j", async (argv, help) => {
    expect(await folder.refused(...argv)).toContain(help);
  });

  it.each([
    [["-n", "0"], '--count: found "0", expected a whole number from 1 to 64'],
    [["-n", "65"], '--count: found "65", expected a whole number from 1 to 64'],
    [["-n", "2.5"], '--count: found "2.5"'],
    [["-n", "1e1"], '--count: found "1e1"'],
    [["-n", ""], '--count: found ""'],
    [["--seed", "-1"], '--seed: found "-1", expected a whole number of at least 0'],
    [["--decimal", ";"], '--decimal: found ";", expected point or comma'],
  ])("refuses the values %j", async (argv, message) => {
    expect(await folder.refused("suggest", "c.yaml", ...argv)).toContain(message);
  });

  it("shows the help of subcommands, each with an example", async () => {
    const { code, out } = await folder.run(["help", "data", "check"]);
    expect(code).toBe(0);
    expect(out).toContain("cellwright data check nmc.campaign.yaml --data coils.csv");
  });

  it("wraps the help to a narrow terminal", async () => {
    const { out } = await folder.run(["--help"], { columns: 60 });
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe("a fault of ours", () => {
  const broken = {
    now: (): Date => {
      throw new TypeError("x is not a function");
    },
  };

  it("exits 1, says that it is one, and shows no stack trace", async () => {
    folder.write("c.yaml", campaignYaml());
    const { code, out, err } = await folder.run(["suggest", "c.yaml"], broken);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("a fault of ours: x is not a function");
    expect(err).toContain("Your files are whole");
    expect(err).not.toMatch(/^\s+at /mu);
  });

  it("shows the stack trace on request", async () => {
    folder.write("c.yaml", campaignYaml());
    const { err } = await folder.run(["suggest", "c.yaml"], { ...broken, env: { CELLWRIGHT_DEBUG: "1" } });
    expect(err).toMatch(/^\s+at /mu);
  });
});

describe("machine-readable output", () => {
  it("has nothing else on standard output, with notes and warnings or without", async () => {
    folder.write("c.yaml", campaignYaml("notes:\n  - a note\n"));
    folder.write("runs.csv", csvText("a1,c1,500,80,1,on,44,30.5,16"));
    for (const argv of [
      ["suggest", "c.yaml", "--data", "runs.csv", "--out", "next.csv"],
      ["data", "list"],
    ]) {
      const { code, out } = await folder.run([...argv, "--format", "json"]);
      expect(code).toBe(0);
      expect(() => JSON.parse(out) as unknown).not.toThrow();
    }
  });

  it("is a CSV alone with --format csv", async () => {
    folder.write("noted.yaml", `${campaignYaml()}notes: ["Web 3 only."]\n`);
    const { out, err } = await folder.run(["suggest", "noted.yaml", "-n", "2", "--format", "csv"]);
    expect(err).toContain("note: Web 3 only.\n");
    expect(out.trimEnd().split("\n")).toHaveLength(3);
    expect(out).toMatch(/^trial,status,line_load \[N\/mm\],/u);
  });
});

describe("human output", () => {
  const colored = (text: string): boolean => text.includes("\u001b[");

  it("is coloured on a terminal, unless NO_COLOR or a dumb terminal refuses", async () => {
    folder.write("c.yaml", campaignYaml());
    const out = async (columns: number | undefined, env: Record<string, string>): Promise<string> =>
      (await folder.run(["suggest", "c.yaml", "-n", "1"], { columns, env })).out;
    expect(colored(await out(120, {}))).toBe(true);
    expect(colored(await out(120, { NO_COLOR: "1" }))).toBe(false);
    expect(colored(await out(120, { TERM: "dumb" }))).toBe(false);
    expect(colored(await out(undefined, {}))).toBe(false);
  });

  it.each([60, 80, 200])("keeps to a terminal of %i columns", async (columns) => {
    const long = "a_setting_with_the_longest_name_that_a_campaign_file_may_give_it";
    folder.write("c.yaml", campaignYaml().replace("passes:", `${long}:`));
    const run = async (...argv: readonly string[]): Promise<string> =>
      (await folder.run(argv, { columns, env: { NO_COLOR: "1" } })).out;
    const outputs = [await run("suggest", "c.yaml"), await run("data", "list")];
    for (const line of outputs.join("\n").split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    for (const part of [long.slice(0, 12), "calendering-nmc622-pilot"])
      expect(outputs.join()).toContain(part);
  });

  it("shows whole numbers and listed values exactly as they are set", async () => {
    folder.write(
      "c.yaml",
      'campaign: exact\nparameters:\n  turns: { type: integer, min: 123456, max: 123457 }\n  gap: { unit: um, values: [98.765, 98.766] }\noutcomes:\n  y: { unit: "1", goal: maximize }\n',
    );
    const { out } = await folder.run(["suggest", "c.yaml"]);
    expect(out).toContain("123456");
    expect(out).toContain("98.765");
  });
});

describe("cellwright cost", () => {
  it.each([
    ["line_speed=0", "found line speed 0 m/min"],
    ["line_speed=-5", "found line speed -5 m/min"],
    ["line_sped=60", "Did you mean line_speed?"],
  ])("refuses --set %s", async (set, message) => {
    await folder.run(["init", "calendering"]);
    expect(await folder.refused("cost", "calendering.campaign.yaml", "--set", set)).toContain(message);
  });
});
