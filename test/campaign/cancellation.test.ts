import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { withTrials } from "../../src/campaign/campaign.js";
import type { CellwrightError } from "../../src/errors.js";
import { bowlTrials, twoParameterCampaign } from "./campaign-fixtures.js";

const campaign = withTrials(
  twoParameterCampaign({
    outcomes: { y: { unit: "1", goal: "maximize" }, z: { unit: "1", spec: { min: 0 } } },
  }),
  bowlTrials(40).map((trial, i) => ({
    ...trial,
    observations: { ...trial.observations, z: { value: 1 + Math.cos(i) / 10 } },
  })),
);

describe("a long request", () => {
  it("reports every fit and every run that it chooses, in order", async () => {
    const seen: string[] = [];
    await ask(campaign, {
      count: 3,
      onProgress: ({ stage, done, total }) => seen.push(`${stage} ${done}/${total}`),
    });
    expect(seen).toEqual([
      ...["fitting y 0/2", "fitting z 1/2"],
      ...[0, 1, 2, 3].map((done) => `choosing runs ${done}/3`),
    ]);
  });

  it.each(["fitting y", "fitting z", "choosing runs"])(
    "ends when it is cancelled while %s",
    async (stage) => {
      const controller = new AbortController();
      const later: string[] = [];
      const error = await ask(campaign, {
        count: 4,
        signal: controller.signal,
        onProgress: (progress) => {
          if (controller.signal.aborted) later.push(progress.stage);
          else if (progress.stage === stage) controller.abort();
        },
      }).catch((reason: unknown) => reason as CellwrightError);
      expect((error as CellwrightError).code).toBe("CANCELLED");
      expect(later).toEqual([]);
    },
  );

  it("lets a cancellation in while one run is searched", async () => {
    const controller = new AbortController();
    const stages: string[] = [];
    let turns = 0;
    // Every turn of the event loop counts; the search of a single run gives several.
    const tick = (): void => {
      turns++;
      if (stages.includes("choosing runs") && ++searching === 2) controller.abort();
      if (!controller.signal.aborted && turns < 100_000) setTimeout(tick, 0);
    };
    let searching = 0;
    setTimeout(tick, 0);
    const error = await ask(campaign, {
      count: 1,
      signal: controller.signal,
      onProgress: ({ stage }) => stages.push(stage),
    }).catch((reason: unknown) => reason as CellwrightError);
    turns = 100_000;
    expect((error as CellwrightError).code).toBe("CANCELLED");
    expect(stages.filter((stage) => stage === "choosing runs")).toHaveLength(1);
  });

  it("lets a cancellation into a single long fit, and pauses change no byte of an answer", async () => {
    const large = withTrials(twoParameterCampaign(), bowlTrials(350));
    const controller = new AbortController();
    const stages: string[] = [];
    let [turns, over] = [0, false];
    const tick = (): void => {
      if (stages.includes("fitting y") && ++turns === 5) controller.abort();
      if (!over) setTimeout(tick, 0);
    };
    setTimeout(tick, 0);
    const ended: unknown = await ask(large, {
      signal: controller.signal,
      onProgress: ({ stage }) => stages.push(stage),
    }).catch((error: unknown) => error);
    over = true;
    expect(ended).toMatchObject({ code: "CANCELLED" });
    expect(stages).toEqual(["fitting y"]);
    const options = { count: 1, workLimit: 50 };
    const heard = await ask(large, { ...options, signal: new AbortController().signal });
    expect(JSON.stringify(heard)).toBe(JSON.stringify(await ask(large, options)));
  });
});
