import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../fake-effects.js";

const FILE = "nmc-graphite-formation.campaign.yaml";
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-plan-"));
  copyFileSync(resolve("datasets/campaigns", FILE), join(folder, FILE));
  expect((await runCli(folder, ["suggest", FILE, "-n", "2", "--fix", "temperature=45"])).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const plan = (...argv: string[]) => runCli(folder, ["plan", FILE, ...argv]);

interface Job {
  readonly start: number;
  readonly end: number;
  readonly channel: number;
  readonly oven: { readonly name: string };
}

describe("cellwright plan", () => {
  it("plans remembered suggestions on channels and in ovens, and draws them", async () => {
    const { code, out, err } = await plan(
      ...[
        "--channels",
        "8",
        "--ovens",
        "318.15K:1,25degC:4",
        "--start",
        "2026-11-23T08:00",
        "--format",
        "json",
      ],
      ...["--plot", "plan.svg"],
    );
    expect(code).toBe(0);
    expect(err).toBe("Wrote plan.svg\n");
    const answer = JSON.parse(out) as { start: string; proven: boolean; jobs: Job[] };
    expect(answer.start).toBe("2026-11-23T08:00:00.000Z");
    expect(answer.proven).toBe(true);
    expect(answer.jobs.map(({ oven }) => oven.name)).toEqual(["45", "45"]);
    expect(answer.jobs[1]!.start).toBe(answer.jobs[0]!.end);
    expect(readFileSync(join(folder, "plan.svg"), "utf8")).toContain("2 cells on 8 channels");
  });

  it("prints a table with times of the clock and what to start first", async () => {
    const { out } = await plan("--channels", "2");
    expect(out).toContain("2026-01-02 03:05");
    expect(out).toMatch(/Start first: \S+, \S+\./u);
  });

  it("refuses ovens, times and trials that cannot be read", async () => {
    for (const [argv, found] of [
      [["--ovens", "45"], '"45"'],
      [["--start", "tomorrow"], '"tomorrow"'],
      [["--started", "x=2026-01-01"], "a running trial: there is none"],
    ] as const) {
      const { code, err } = await plan("--channels", "2", ...argv);
      expect(code).not.toBe(0);
      expect(err).toContain(found);
    }
  });
});
