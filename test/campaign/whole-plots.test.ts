import { describe, expect, it } from "vitest";
import { campaignColumns } from "../../src/campaign/campaign-columns.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { outcomeData } from "../../src/campaign/outcome-data.js";
import { tell } from "../../src/campaign/tell.js";
import type { Trial } from "../../src/campaign/trial.js";
import { trialsFromTable } from "../../src/campaign/trials-from-table.js";
import { wholePlotsOf } from "../../src/campaign/whole-plots.js";
import { updateFromAssignments } from "../../src/cli/result-assignments.js";
import { parseCsv } from "../../src/data/parse-csv.js";
import { completed } from "./campaign-fixtures.js";

const hard = { effort: "hard" };

function campaignOf(more: Record<string, unknown> = {}): Campaign {
  return createCampaign({
    campaign: "c",
    parameters: {
      temperature: { unit: "degC", min: 80, max: 140, change: hard },
      load: { unit: "N/mm", min: 0, max: 1 },
    },
    outcomes: { y: { unit: "1", goal: "maximize" } },
    ...more,
  });
}

function run(id: string, temperature: number, more: Partial<Trial> = {}): Trial {
  return completed(id, { temperature, load: 0.5 }, { y: 1 }, more);
}

function plots(campaign: Campaign, trials: readonly Trial[]): Record<string, number> | null {
  const found = wholePlotsOf(withTrials(campaign, trials));
  return found && Object.fromEntries(found.of);
}

describe("whole plots of a campaign", () => {
  it("are consecutive runs by number, split where a hard setting changes, also back to an earlier one", () => {
    const trials = [run("T10", 90), run("T9", 90), run("T1", 100), run("T11", 100), run("T2", 100)];
    expect(plots(campaignOf(), trials)).toEqual({ T1: 0, T2: 0, T9: 1, T10: 1, T11: 2 });
  });

  it("go by dates where every run has one", () => {
    const at = (day: number) => ({ measuredAt: `2026-01-0${day}` });
    const trials = [run("T1", 100, at(3)), run("T2", 90, at(1)), run("T3", 100, at(2))];
    expect(plots(campaignOf(), trials)).toEqual({ T2: 0, T3: 1, T1: 1 });
    const undated = [run("T1", 100, at(3)), run("T2", 90), run("T3", 100, at(2))];
    expect(plots(campaignOf(), undated)).toEqual({ T1: 0, T2: 1, T3: 2 });
  });

  it("count failed and running runs, which were made, but not suggestions", () => {
    const trials = [
      run("T1", 100),
      run("T2", 90, { status: "failed", observations: {} }),
      run("T3", 100),
      run("T4", 90, { status: "suggested", observations: {} }),
      run("T5", 100, { status: "running" }),
    ];
    expect(plots(campaignOf(), trials)).toEqual({ T1: 0, T2: 1, T3: 2, T5: 2 });
  });

  it("split where any of several hard settings changes, and stand alone where one is not known", () => {
    const campaign = campaignOf({
      parameters: {
        temperature: { unit: "degC", min: 80, max: 140, change: hard },
        roller: { choices: ["steel", "rubber"], change: hard },
      },
    });
    const at = (id: string, temperature: number, roller?: string): Trial =>
      completed(id, { temperature, ...(roller === undefined ? {} : { roller }) }, { y: 1 });
    const trials = [
      at("T1", 90, "steel"),
      at("T2", 90, "rubber"),
      at("T3", 90),
      at("T4", 90),
      at("T5", 90, "rubber"),
    ];
    expect(plots(campaign, trials)).toEqual({ T1: 0, T2: 1, T3: 2, T4: 3, T5: 4 });
  });

  it("are what a column says, whatever the settings and the group", () => {
    const campaign = campaignOf({ whole_plot: "set_up", group: "coil" });
    const table = parseCsv(
      "trial,temperature,load,y,set_up,coil\nT1,90,0.1,1,A,c1\nT2,90,0.2,2,B,c1\nT3,90,0.3,3,A,c2\nT4,90,0.4,4,,c2\n",
      { source: "runs", expectations: campaignColumns(campaign) },
    );
    const { trials } = trialsFromTable(campaign, table);
    expect(plots(campaign, trials)).toEqual({ T1: 0, T2: 1, T3: 0, T4: 2 });
    const rows = outcomeData(withTrials(campaign, trials), "y");
    expect(rows.groups).toEqual(["c1", "c1", "c2", "c2"]);
    expect(rows.plots).toMatchObject({
      by: { column: "set_up" },
      hard: ["temperature"],
      repeated: 1,
      returns: 2,
    });
    expect([...rows.plots!.of]).toEqual([0, 1, 0, 2]);
    const told = tell(withTrials(campaign, trials), [
      { id: "T5", parameters: trials[0]!.parameters, wholePlot: "B", observations: { y: { value: 1 } } },
    ]);
    expect(wholePlotsOf(told)!.of.get("T5")).toBe(1);
    const typed = updateFromAssignments(campaign, ["temperature=90", "load=0.5", "y=2", "set_up=B"]);
    expect(typed).toMatchObject({ wholePlot: "B", parameters: { temperature: 90, load: 0.5 } });
  });

  it("are none where nothing is hard to change, or rows have no order", () => {
    const easy = campaignOf({ parameters: { temperature: { unit: "degC", min: 80, max: 140 } } });
    expect(plots(easy, [run("T1", 90)])).toBeNull();
    expect(plots(campaignOf(), [run("row-0123456789ab", 90), run("row-0123456789ac", 90)])).toBeNull();
  });

  it("count how many set-ups come back to a setting", () => {
    const trials = [90, 90, 100, 90, 110, 110, 90].map((temperature, i) =>
      run(`T${i}`, temperature, { observations: { y: { value: i } } }),
    );
    const { plots: found } = outcomeData(withTrials(campaignOf(), trials), "y");
    expect(found).toMatchObject({ repeated: 2, returns: 2 });
  });
});

describe("a campaign file", () => {
  const problemsOf = (spec: Record<string, unknown>): unknown => {
    try {
      campaignOf(spec);
    } catch (error) {
      return (error as { problems: unknown }).problems;
    }
    return [];
  };
  const outcomes = (surrogate: unknown) => ({ y: { unit: "1", goal: "maximize", surrogate } });

  it("may force or forbid the error of whole plots", () => {
    for (const choice of [true, false, "auto"] as const) {
      const { surrogate } = campaignOf({ outcomes: outcomes({ whole_plot: choice }) }).outcomes[0]!;
      expect(surrogate).toEqual({ wholePlot: choice });
    }
  });

  it("is refused where it forces an error of plots that cannot be", () => {
    expect(
      problemsOf({
        parameters: { temperature: { unit: "degC", min: 80, max: 140 } },
        outcomes: outcomes({ whole_plot: true }),
      }),
    ).toMatchObject([{ where: "outcomes.y.surrogate.whole_plot", found: "true" }]);
    expect(problemsOf({ outcomes: outcomes({ whole_plot: true, robust: true }) })).toMatchObject([
      { where: "outcomes.y.surrogate", found: "whole_plot: true beside robust" },
    ]);
    expect(problemsOf({ outcomes: outcomes({ whole_plot: "perhaps" }) })).toHaveLength(1);
    expect(problemsOf({ outcomes: outcomes({ whole_plot: true, kernel: "rbf" }) })).toEqual([]);
  });

  it("is refused where its column of plots is also something else", () => {
    expect(problemsOf({ whole_plot: "load" })).toMatchObject([{ where: "whole_plot" }]);
    expect(problemsOf({ whole_plot: "trial" })).toMatchObject([{ where: "whole_plot" }]);
  });
});
