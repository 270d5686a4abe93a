import { describe, expect, it } from "vitest";
import { campaignColumns } from "../../src/campaign/campaign-columns.js";
import { createCampaign } from "../../src/campaign/campaign.js";
import { dataHash } from "../../src/campaign/data-hash.js";
import { trialsFromTable } from "../../src/campaign/trials-from-table.js";
import { parseCsv } from "../../src/data/parse-csv.js";
import { CellwrightError, type Problem } from "../../src/errors.js";

const spec = {
  campaign: "c",
  group: "coil",
  parameters: {
    load: { unit: "N/mm", min: 200, max: 1600, scale: "log" },
    mode: { choices: ["soft", "hard"] },
  },
  context: { before: { unit: "%" } },
  outcomes: {
    porosity: { unit: "%" },
    capacity: { unit: "mAh/cm3", formula: "ratio * slow" },
    energy: { unit: "1", formula: "load / 100 N/mm" },
  },
};
const campaign = createCampaign(spec);

function read(csv: string, of = campaign) {
  const table = parseCsv(csv, {
    source: "rows.csv",
    expectations: campaignColumns(of),
    schemaUnits: { slow: "mAh/cm3", ratio: "%" },
  });
  return trialsFromTable(of, table);
}

function problemsOf(csv: string): readonly Problem[] {
  try {
    read(csv);
  } catch (error) {
    if (error instanceof CellwrightError && error.code === "DATA_INVALID") return error.problems;
    throw error;
  }
  return [];
}

describe("trialsFromTable", () => {
  it("reads settings, context, outcomes with standard errors, group, status and the rest", () => {
    const { trials } = read(
      "trial,coil,load,mode,before,porosity,porosity_sem,status,reason,measured_at,origin,comment\n" +
        "t1,A,400,soft,44,31,0.4,completed,,2024-05-01,measured,first\n" +
        "t2,A,800,hard,45,,,failed,web tore,,,\n",
    );
    expect(trials).toEqual([
      {
        ...{
          id: "t1",
          status: "completed",
          parameters: { load: 400, mode: "soft" },
          context: { before: 44 },
          origin: "measured",
        },
        ...{ group: "A", measuredAt: "2024-05-01", comment: "first" },
        observations: { porosity: { value: 31, standardError: 0.4 }, energy: { value: 4 } },
      },
      {
        ...{
          id: "t2",
          status: "failed",
          parameters: { load: 800, mode: "hard" },
          context: { before: 45 },
          origin: "measured",
        },
        ...{ group: "A", reason: "web tore", observations: { energy: { value: 8 } } },
      },
    ]);
  });

  it("computes formulas per row with the units of the columns, or takes the data's own column", () => {
    const { trials } = read(
      "trial,load,mode,before,ratio,slow,energy\nt1,400,soft,44,50,400,\nt2,400,soft,44,25,400,7\n",
    );
    expect(trials.map((t) => t.observations["capacity"]?.value)).toEqual([200, 100]);
    expect(trials.map((t) => t.observations["energy"]?.value)).toEqual([4, 7]);
  });

  it("leaves a computed outcome out where its formula has no value, and counts those rows", () => {
    const divided = createCampaign({ ...spec, outcomes: { share: { unit: "1", formula: "slow / fast" } } });
    const { trials, messages } = trialsFromTable(
      divided,
      parseCsv("trial,load,mode,before,slow,fast\na,400,soft,44,1,0\nb,400,soft,44,1,2\n", {
        ...{
          source: "x.csv",
          expectations: campaignColumns(divided),
          schemaUnits: { slow: "mAh", fast: "mAh" },
        },
      }),
    );
    expect(trials.map((t) => t.observations["share"]?.value)).toEqual([undefined, 0.5]);
    expect(messages).toContain("share could not be computed in 1 row: its formula has no value there.");
  });

  it("names the column that a formula needs and the data lack", () => {
    const [problem] = problemsOf("trial,load,mode,before,ratoi,slow\nt1,400,soft,44,50,400\n");
    expect(problem).toMatchObject({
      where: "outcomes.capacity.formula",
      found: "the name ratio, which is no column of rows.csv",
    });
  });

  it("keeps rows outside the bounds and rows with missing settings, and says how many", () => {
    const { trials, messages } = read(
      "trial,load,mode,before,ratio,slow,porosity\nt1,90,soft,44,1,1,31\nt2,,soft,44,1,1,32\n",
    );
    expect(trials).toHaveLength(2);
    expect(messages).toContain(
      "1 row outside the bounds or constraints teaches the models; suggestions stay inside.",
    );
    expect(messages).toContain("1 row without load cannot be learned from and is left out of every fit.");
  });

  it("refuses what no setting can be, with the line and column of each", () => {
    const problems = problemsOf("trial,load,mode,before,ratio,slow\nt1,-4,soft,44,1,1\nt2,0,soft,44,1,1\n");
    expect(problems.map((p) => p.where)).toEqual(["line 2, column load", "line 3, column load"]);
  });

  it("refuses ids that come twice, with their lines", () => {
    const column = (name: string, ...values: string[]) => [name, { kind: "text", name, values }] as const;
    const table = {
      ...{ rowCount: 3, lines: Uint32Array.of(2, 3, 4), source: "rows.csv", messages: [] },
      columns: new Map([column("trial", "t1", "t2", "t1"), column("mode", "soft", "soft", "soft")]),
    };
    const plain = createCampaign({ ...spec, outcomes: { porosity: { unit: "%" } } });
    expect(() => trialsFromTable(plain, table)).toThrow("1 problem; nothing was taken");
    try {
      trialsFromTable(plain, table);
    } catch (error) {
      expect((error as CellwrightError).problems[0]).toMatchObject({
        where: "lines 2, 4, column trial",
        found: "trial t1 2 times",
      });
    }
  });

  it("takes a computed outcome as not measured where none of its columns is there", () => {
    const { trials, messages } = read("trial,load,mode,before\nt1,400,soft,44\n");
    expect(trials[0]?.observations["capacity"]).toBeUndefined();
    expect(messages).toContain("capacity was not measured: rows.csv has no column ratio, slow.");
  });

  it("names rows without ids after their content, so that their order changes nothing", () => {
    const header = "load,mode,before,ratio,slow,porosity\n";
    const rows = ["400,soft,44,1,1,31", "400,soft,44,1,1,31", "500,hard,44,1,1,30"];
    const forward = read(`${header}${rows.join("\n")}\n`).trials;
    const backward = read(`${header}${[...rows].reverse().join("\n")}\n`).trials;
    expect(new Set(forward.map((t) => t.id)).size).toBe(3);
    expect(dataHash(backward)).toBe(dataHash(forward));
  });

  it("refuses to mix SYNTHETIC and measured rows unless asked", () => {
    const csv =
      "trial,load,mode,before,ratio,slow,origin\nt1,400,soft,44,1,1,SYNTHETIC\nt2,400,soft,44,1,1,\n";
    expect(problemsOf(csv)[0]?.found).toBe("1 SYNTHETIC and 1 measured trials");
    const table = parseCsv(csv, {
      source: "x",
      expectations: campaignColumns(campaign),
      schemaUnits: { slow: "mAh/cm3", ratio: "1" },
    });
    expect(trialsFromTable(campaign, table, { mixOrigins: true }).trials).toHaveLength(2);
  });

  it("takes a header without rows as no trials", () => {
    expect(read("trial,load,mode,before\n").trials).toEqual([]);
  });

  it("gives rows without a status the one that is asked for", () => {
    const table = parseCsv("load,mode,before,status\n400,soft,44,\n500,soft,44,completed\n", {
      source: "x",
      expectations: campaignColumns(createCampaign({ ...spec, outcomes: { porosity: { unit: "%" } } })),
    });
    const { trials } = trialsFromTable(
      createCampaign({ ...spec, outcomes: { porosity: { unit: "%" } } }),
      table,
      { status: "running" },
    );
    expect(trials.map((t) => t.status)).toEqual(["running", "completed"]);
  });
});
