import { describe, expect, it } from "vitest";
import { run } from "../../src/cli/run.js";
import type { CliEffects } from "../../src/cli/effects.js";
import { lengthOf } from "../../src/cli/wrap-text.js";
import { runCli } from "./fake-effects.js";

function effects(signal = new AbortController().signal) {
  const written = { out: "", err: "" };
  const fake: CliEffects = {
    ...{ cwd: ".", env: {}, columns: undefined, stderrIsTerminal: false, signal },
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
    now: () => new Date(0),
  };
  return { fake, written };
}

describe("cellwright bench", () => {
  it("prints gaps of the engine and of random search as JSON", async () => {
    const { fake, written } = effects();
    expect(await run(["bench", "--problem", "branin", "--seeds", "1", "--format", "json"], fake)).toBe(0);
    const { results } = JSON.parse(written.out) as {
      results: { strategy: string; quartiles: number[]; runs: number }[];
    };
    expect(results.map(({ strategy }) => strategy)).toEqual(["Cellwright", "random search"]);
    expect(results[0]!.quartiles[1]).toBeLessThan(results[1]!.quartiles[1]!);
    expect(results[0]!.runs).toBe(50);
  });

  it("names the problems that there are where it is asked for another", async () => {
    const { fake, written } = effects();
    expect(await run(["bench", "--problem", "brannin"], fake)).toBe(2);
    expect(written.err).toContain('found "brannin", expected some of branin, hartmann6');
  });

  it("stops when it is cancelled", async () => {
    const { fake, written } = effects(AbortSignal.abort());
    expect(await run(["bench", "--problem", "branin"], fake)).not.toBe(0);
    expect(written.out).toBe("");
  });

  it("prints a table that keeps to the terminal", async () => {
    const argv = ["bench", "--problem", "gramacy", "--seeds", "1"];
    const { code, out } = await runCli(process.cwd(), argv, { columns: 80 });
    expect(code).toBe(0);
    expect(Math.max(...out.split("\n").slice(0, -2).map(lengthOf))).toBeLessThanOrEqual(80);
    expect(out).toMatch(/median gap +│ +quartiles/u);
  });
});
