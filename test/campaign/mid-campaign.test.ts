import { describe, expect, it } from "vitest";
import type { AskResult } from "../../src/campaign/suggestion.js";
import { scratchFolder } from "../cli/scratch-folder.js";

const folder = scratchFolder();

interface Spec {
  readonly parameters: string;
  readonly more?: string;
}

function write({ parameters, more = "" }: Spec): void {
  folder.write(
    "c.yaml",
    `campaign: line
parameters:
${parameters}
outcomes:
  y: { unit: "1", goal: maximize }
batch: 1
${more}`,
  );
}

const LOAD = "  load: { unit: N/mm, min: 200, max: 1600, step: 50 }\n";
const SPEED = "  speed: { unit: m/min, min: 5, max: 60 }\n";

async function ran(...argv: string[]): Promise<string> {
  const { code, out, err } = await folder.run(argv);
  expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
  return out;
}

/** Five results at different loads; the best at 900 N/mm. */
async function recordRuns(extra = ""): Promise<void> {
  for (const [i, load] of [300, 600, 900, 1200, 1500].entries()) {
    const value = 10 - ((load - 900) / 300) ** 2;
    const settings = [`trial=r${i}`, `load=${load}`, ...(extra === "" ? [] : [extra]), `y=${value}`];
    await ran("record", "c.yaml", ...settings);
  }
}

async function suggested(): Promise<AskResult> {
  return JSON.parse(await ran("suggest", "c.yaml", "--format", "json")) as AskResult;
}

describe("a campaign that changes after runs were recorded", () => {
  it("learns from runs before a parameter existed where the file says what it was", async () => {
    write({ parameters: LOAD });
    await recordRuns();
    write({ parameters: LOAD + SPEED });
    expect((await suggested()).suggestions[0]!.origin).toBe("initial-design");
    write({ parameters: `${LOAD}  speed: { unit: m/min, min: 5, max: 60, was: 20 }\n` });
    const [run] = (await suggested()).suggestions;
    expect(run!.origin).toBe("model");
    expect(Number(run!.parameters["load"])).toBeGreaterThan(600);
    expect(Number(run!.parameters["load"])).toBeLessThan(1200);
    expect(run!.parameters["speed"]).toBeDefined();
  });

  it("refuses an earlier setting that could not be one", async () => {
    write({ parameters: `${LOAD}  web: { choices: ["off", "on"], was: of }\n` });
    expect(await folder.refused("suggest", "c.yaml")).toMatch(/parameters\.web\.was.*of/u);
  });

  it("goes on learning from runs when a parameter is removed", async () => {
    write({ parameters: LOAD + SPEED });
    await recordRuns("speed=20");
    write({ parameters: LOAD });
    const [run] = (await suggested()).suggestions;
    expect(run!.origin).toBe("model");
    expect(Object.keys(run!.parameters)).toEqual(["load"]);
  });

  it("keeps new bounds, steps and constraints, and learns from runs outside of them", async () => {
    write({ parameters: LOAD });
    await recordRuns();
    write({
      parameters: "  load: { unit: N/mm, min: 200, max: 800, step: 75 }\n",
      more: "constraints:\n  - load <= 700\n",
    });
    const [run] = (await suggested()).suggestions;
    expect(run!.origin).toBe("model");
    const load = Number(run!.parameters["load"]);
    expect(load).toBeLessThanOrEqual(700);
    expect((load - 200) % 75).toBe(0);
    // Uphill, towards the runs outside.
    expect(load).toBeGreaterThanOrEqual(500);
  });

  it("takes a corrected result", async () => {
    write({ parameters: LOAD });
    await recordRuns();
    const before = await suggested();
    await ran("record", "c.yaml", "trial=r4", "y=50", "--correct", "--reason", "typing error");
    const [run] = (await suggested()).suggestions;
    expect(run!.predictions["y"]!.mean).toBeGreaterThan(before.suggestions[0]!.predictions["y"]!.mean);
    expect(Number(run!.parameters["load"])).toBeGreaterThan(1200);
  });

  it("goes on without the runs of a choice that was removed, and says so", async () => {
    const MODE = '  mode: { choices: ["dry", "wet", "hot"] }\n';
    write({ parameters: LOAD + MODE });
    for (const [i, mode] of ["dry", "wet", "hot", "dry", "wet", "hot", "dry", "wet"].entries()) {
      await ran("record", "c.yaml", `trial=m${i}`, `load=${300 + 150 * i}`, `mode=${mode}`, `y=${i}`);
    }
    await ran("record", "c.yaml", "trial=m8", "load=1500", "mode=hot", "status=failed", "reason=web break");
    write({ parameters: `${LOAD}  mode: { choices: ["wet", "dry"] }\n` });
    const answer = await suggested();
    expect(answer.suggestions[0]!.origin).toBe("model");
    expect(answer.messages.join("\n")).toContain(
      "y: 2 rows with missing settings, or settings that are no choice any more, left out.",
    );
  });

  it("names the results that a new log scale does not know", async () => {
    write({ parameters: LOAD });
    await recordRuns();
    await ran("record", "c.yaml", "trial=bad", "load=400", "y=-2");
    folder.write(
      "c.yaml",
      `campaign: line\nparameters:\n${LOAD}outcomes:\n  y: { unit: "1", goal: maximize, scale: log }\nbatch: 1\n`,
    );
    expect(await folder.refused("suggest", "c.yaml")).toMatch(/trial bad, y.*-2.*above 0/su);
  });
});
