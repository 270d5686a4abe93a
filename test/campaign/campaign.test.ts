import { describe, expect, it } from "vitest";
import { type CreateCampaignOptions, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { CellwrightError, type Problem } from "../../src/errors.js";
import type { Knowledge } from "../../src/space/knowledge.js";

const parameters = { line_load: { unit: "N/mm", min: 200, max: 1600, scale: "log" } };
const outcomes = { porosity: { unit: "%", spec: { min: 28, max: 32 } } };
const base = { campaign: "demo", parameters, outcomes };

function problemsOf(spec: unknown, options: CreateCampaignOptions = {}): readonly Problem[] {
  try {
    createCampaign(spec, options);
  } catch (error) {
    if (!(error instanceof CellwrightError)) throw error;
    expect(error.code).toBe("CAMPAIGN_INVALID");
    return error.problems;
  }
  return [];
}

/** The one problem of a spec. */
function problemOf(spec: unknown, options: CreateCampaignOptions = {}): Problem {
  const problems = problemsOf(spec, options);
  expect(problems.map((p) => `${p.where}: ${p.found}`)).toHaveLength(1);
  return problems[0]!;
}

const knowledge: Knowledge = {
  name: "calendering",
  version: 3,
  formulas: [
    {
      name: "calendering.cost",
      unit: "USD/m2",
      description: "cost",
      inputs: [
        { name: "line_speed", unit: "m/s" },
        { name: "passes", unit: "1", default: 1 },
      ],
      evaluate: (v) => (0.001 * v["passes"]!) / v["line_speed"]!,
    },
  ],
  limits: [
    {
      name: "line_load limit",
      expression: "line_load <= 1500 N/mm",
      reason: "machine",
      source: "assumption",
    },
    {
      name: "absolute limit",
      expression: "line_load <= 2 kN/mm",
      reason: "it would break",
      source: "assumption",
      absolute: true,
    },
  ],
  parameters: [{ name: "line_speed", unit: "m/min", min: 5, max: 100, scale: "log" }],
  check: () => [],
  notes: ["A note of the process."],
};

describe("createCampaign", () => {
  it("reads every kind of parameter, context and outcome of the format", () => {
    const campaign = createCampaign({
      campaign: "all-kinds",
      question: "Which load?",
      group: "coil",
      material: { preset: "NMC622", solid_density: 4.45 },
      parameters: {
        line_load: { unit: "N/mm", min: 200, max: 1600, scale: "log" },
        roll_temperature: {
          unit: "degC",
          min: 25,
          max: 120,
          step: 5,
          tolerance: 2,
          change: { effort: "hard", minutes: 45, scrap: 30 },
        },
        line_speed: { unit: "m/min", values: [80, 5, 10, 20, 40, 60] },
        passes: { type: "integer", min: 1, max: 2 },
        web_preheating: { choices: ["off", "on"] },
      },
      context: {
        initial_porosity: { unit: "%", min: 35, max: 60, value: 44 },
        shift: { choices: ["day", "night"], value: "day" },
      },
      outcomes: {
        porosity: { unit: "%", spec: { min: 28, max: 32 }, per: "group", sem: 0.4 },
        tortuosity: { unit: "1", goal: "minimize" },
        adhesion: { unit: "N/m", goal: "maximize", threshold: 15, scale: "log" },
        density: { unit: "g/cm3", target: 3.2 },
        energy: { unit: "1", formula: "line_load * passes / 1000 N/mm", error: "2 %" },
        loading: { unit: "1", atLeast: { share: 0.95, of: "incumbent" } },
      },
      constraints: ["line_load <= 1800 - 6 * roll_temperature"],
      notes: ["Read this."],
    });
    expect(campaign.space.parameters[1]).toMatchObject({ step: 5, tolerance: 2 });
    expect(campaign.space.parameters.map((p) => p.kind)).toEqual([
      "continuous",
      "continuous",
      "discrete",
      "integer",
      "categorical",
    ]);
    expect(campaign.space.parameters[2]).toMatchObject({ values: [5, 10, 20, 40, 60, 80] });
    expect(campaign.space.inputs.map((i) => i.name)).toContain("shift");
    expect(campaign.outcomes.find((o) => o.name === "density")).toMatchObject({
      goal: "target",
      target: 3.2,
    });
    expect(campaign.outcomes.find((o) => o.name === "energy")?.formula).toMatchObject({
      known: true,
      error: { relative: 0.02 },
    });
    expect(campaign.batch).toBe(4);
    expect(campaign.notes).toEqual(["Read this."]);
    expect(campaign.trials).toEqual([]);
  });

  it("lists every problem of a file at once, each with path, found, expected and remedy", () => {
    const problems = problemsOf({
      campaign: "bad name!",
      parametres: {},
      group: "line_load",
      parameters: {
        line_load: { unit: "N/mm", min: 1600, max: 200, scale: "log" },
        speed: { unit: "m/mn", min: 5, max: 5 },
        rate: { unit: "C", min: 0, max: 1, scale: "log" },
        gap: { unit: "um", min: 0, max: 1, step: 3 },
        trial: { unit: "1", min: 0, max: 1 },
        mode: { choices: ["a", "a"] },
      },
      context: { line_load: { unit: "N/mm" } },
      outcomes: {
        porosity: { unit: "%", spec: {}, per: "trial" },
        life: { unit: "1", goal: "target" },
        time: { unit: "h", threshold: 3 },
        loop_a: { unit: "1", formula: "loop_b + 1" },
        loop_b: { unit: "1", formula: "loop_a + 1" },
        life_sem: { unit: "1" },
      },
      constraints: ["line_load + 1", "porosity <= 3"],
      batch: 0,
    });
    expect(problems.map((p) => p.where).sort()).toEqual(
      [
        "batch",
        "campaign",
        "constraints[0]",
        "constraints[1]",
        "context.line_load",
        "group",
        "outcomes.life.target",
        "outcomes.life_sem",
        "outcomes.loop_a.formula",
        "outcomes.loop_b.formula",
        "outcomes.porosity.spec",
        "outcomes.time.goal",
        "parameters.gap.step",
        "parameters.line_load.min",
        "parameters.mode.choices",
        "parameters.rate.min",
        "parameters.speed.max",
        "parameters.speed.unit",
        "parameters.trial",
        "parametres",
      ].sort(),
    );
    for (const problem of problems) {
      expect(problem.found, problem.where).not.toBe("");
      expect(problem.expected, problem.where).not.toBe("");
    }
    expect(problems.find((p) => p.where === "parametres")?.remedy).toBe("Did you mean parameters?");
    expect(problems.find((p) => p.where === "parameters.speed.unit")?.remedy).toContain("m/min");
    expect(problems.find((p) => p.where === "constraints[1]")?.remedy).toContain("outcomes.porosity.spec");
  });

  it("refuses unknown keys with the nearest spelling, at every depth", () => {
    const problems = problemsOf({
      ...base,
      parameters: { line_load: { ...parameters.line_load, mim: 3, change: { effort: "hard", minute: 4 } } },
    });
    expect(problems.map((p) => [p.where, p.remedy])).toEqual([
      ["parameters.line_load.change.minute", "Did you mean minutes?"],
      ["parameters.line_load.mim", "Did you mean min?"],
    ]);
  });

  it.each([
    ["what is missing", { campaign: "x" }, ["parameters", "outcomes"]],
    ["nothing at all", undefined, ["the campaign"]],
    ["a list", [], ["the campaign"]],
    ["text", "campaign: x", ["the campaign"]],
    ["no parameters", { ...base, parameters: {} }, ["parameters"]],
    [
      "a name with a blank",
      { ...base, parameters: { "line load": parameters.line_load } },
      ["parameters.line load"],
    ],
    ["a name of a function", { ...base, outcomes: { ...outcomes, log: { unit: "1" } } }, ["outcomes.log"]],
    [
      "per: group without a group",
      { ...base, outcomes: { porosity: { unit: "%", per: "group" } } },
      ["outcomes.porosity.per"],
    ],
    ["replicate as a group", { ...base, group: "replicate" }, ["group"]],
    [
      "a step beyond the range",
      { ...base, parameters: { a: { unit: "1", min: 0, max: 1, step: 2 } } },
      ["parameters.a.step"],
    ],
    [
      "values beside bounds",
      { ...base, parameters: { a: { unit: "1", min: 0, max: 1, values: [1, 2] } } },
      ["parameters.a.min", "parameters.a.max"],
    ],
    [
      "a fractional integer bound",
      { ...base, parameters: { a: { type: "integer", min: 0.5, max: 3 } } },
      ["parameters.a.min"],
    ],
    ["a missing unit", { ...base, parameters: { a: { min: 0, max: 3 } } }, ["parameters.a.unit"]],
    [
      "a context value outside",
      { ...base, context: { t: { unit: "degC", min: 0, max: 30, value: 300 } } },
      ["context.t.value"],
    ],
    [
      "a context choice that is none",
      { ...base, context: { t: { choices: ["day", "night"], value: "dya" } } },
      ["context.t.value"],
    ],
    [
      "limits of a specification reversed",
      { ...base, outcomes: { p: { unit: "%", spec: { min: 3, max: 2 } } } },
      ["outcomes.p.spec.min"],
    ],
    [
      "target beside maximize",
      { ...base, outcomes: { p: { unit: "%", goal: "maximize", target: 2 } } },
      ["outcomes.p.target"],
    ],
    [
      "atLeast beside minimize",
      { ...base, outcomes: { p: { unit: "%", goal: "minimize", atLeast: { share: 0.9, of: "incumbent" } } } },
      ["outcomes.p.atLeast"],
    ],
    [
      "an error without a formula",
      { ...base, outcomes: { p: { unit: "%", error: "2 %" } } },
      ["outcomes.p.error"],
    ],
    [
      "an error in another kind of unit",
      { ...base, outcomes: { p: { unit: "h", formula: "line_load / 1 N/mm * 1 h", error: "2 V" } } },
      ["outcomes.p.error"],
    ],
    [
      "a formula of its own",
      { ...base, outcomes: { p: { unit: "%", formula: "p + 1" } } },
      ["outcomes.p.formula"],
    ],
    [
      "a formula in other units",
      { ...base, outcomes: { p: { unit: "V", formula: "line_load" } } },
      ["outcomes.p.formula, column 1"],
    ],
    [
      "a formula that is a comparison",
      { ...base, outcomes: { p: { unit: "1", formula: "line_load > 2" } } },
      ["outcomes.p.formula, column 1"],
    ],
    [
      "a formula of no process",
      { ...base, outcomes: { p: { unit: "USD/m2", formula: "calendering.cost" } } },
      ["outcomes.p.formula"],
    ],
    ["a constraint with a typing error", { ...base, constraints: ["lin_load < 3"] }, ["constraints[0]"]],
    [
      "a constraint that does not parse",
      { ...base, constraints: ["line_load <= 3 +"] },
      ["constraints[0], column 17"],
    ],
    [
      "a cell upside down",
      { ...base, cell: { upper_voltage: 3, lower_voltage: 4.2, capacity: 1 } },
      ["cell.lower_voltage"],
    ],
    ["a protocol step of no parameter", { ...base, protocol: { line_lod: "cc1" } }, ["protocol.line_lod"]],
    [
      "log scale with a threshold of 0",
      { ...base, outcomes: { p: { unit: "1", goal: "maximize", threshold: 0, scale: "log" } } },
      ["outcomes.p.threshold"],
    ],
  ])("refuses %s", (_, spec, where) => {
    expect(problemsOf(spec).map((p) => p.where)).toEqual(where);
  });

  it("does not judge twice what is wrong already", () => {
    const spec = {
      ...base,
      parameters: { line_load: { unit: "N/m!", min: 1, max: 2 } },
      constraints: ["line_load <= 3"],
    };
    expect(problemsOf(spec).map((p) => p.where)).toEqual(["parameters.line_load.unit"]);
  });

  it("says that a step does not reach max, and goes on", () => {
    const campaign = createCampaign({
      ...base,
      parameters: { density: { unit: "g/cm3", min: 2.7, max: 3.18, step: 0.05 } },
    });
    expect(campaign.messages).toEqual([
      "parameters.density: max 3.18 is not min + k·step: the largest setting that can be suggested is 3.15",
    ]);
  });

  it("takes formulas of measured columns as learned, and checks the names once the columns are known", () => {
    const spec = {
      ...base,
      outcomes: { capacity: { unit: "mAh/cm3", goal: "maximize", formula: "ratio * capacity_slow" } },
    };
    const campaign = createCampaign(spec);
    expect(campaign.outcomes[0]?.formula).toMatchObject({
      known: false,
      columns: ["ratio", "capacity_slow"],
      expression: null,
    });
    expect(campaign.messages[0]).toContain("ratio, capacity_slow");
    const columns = new Map([
      ["ratio", "1"],
      ["capacity_slw", "mAh/cm3"],
    ]);
    expect(problemOf(spec, { columns })).toMatchObject({
      where: "outcomes.capacity.formula",
      remedy: "Did you mean capacity_slw?",
    });
  });

  it("takes a formula of known outcomes as known too", () => {
    const spec = {
      ...base,
      outcomes: {
        total: { unit: "h", formula: "time + 24 h" },
        time: { unit: "h", goal: "minimize", formula: "1 h * 1000 N/mm / line_load", error: "30 min" },
      },
    };
    const [total, time] = createCampaign(spec).outcomes;
    expect([total?.formula?.known, time?.formula?.known]).toEqual([true, true]);
    expect(time?.formula?.error).toEqual({ absolute: 0.5 });
  });

  describe("with what the process knows", () => {
    const spec = {
      ...base,
      process: "calendering",
      parameters: { ...parameters, line_speed: { unit: "m/s" } },
      outcomes: { ...outcomes, cost: { unit: "USD/m2", goal: "minimize", formula: "calendering.cost" } },
    };

    it("adds limits, bounds, formulas and notes", () => {
      const campaign = createCampaign(spec, { knowledge });
      expect(campaign.space.parameters[1]).toMatchObject({ unit: "m/s", scale: "log" });
      expect((campaign.space.parameters[1] as { max: number }).max).toBeCloseTo(100 / 60, 12);
      expect(campaign.constraints.map((c) => c.name)).toEqual(["line_load limit", "absolute limit"]);
      expect(campaign.space.isFeasible({ line_load: 1550, line_speed: 1 }, {})).toBe(false);
      expect(campaign.notes).toEqual(["A note of the process."]);
      const cost = campaign.outcomes[1]!.formula!;
      expect(cost.known).toBe(true);
      expect(cost.expression!.evaluate({ line_speed: 0.5 })).toBeCloseTo(0.002, 12);
      expect(cost.expression!.gradient({ line_speed: 0.5 }, ["line_speed", "line_load"])[0]).toBeCloseTo(
        -0.004,
        8,
      );
    });

    it("tightens with a limit of the file and never drops its own", () => {
      const campaign = createCampaign(
        { ...spec, limits: { line_load_limit: { expression: "line_load <= 1700" } } },
        { knowledge },
      );
      expect(campaign.space.isFeasible({ line_load: 1550, line_speed: 1 }, {})).toBe(false);
      expect(campaign.notes).toEqual(["A note of the process."]);
    });

    it("loosens only with a reason and a name, and prints it", () => {
      const loosened = {
        line_load_limit: { expression: "line_load <= 1600", reason: "new rolls", name: "A. Meyer" },
      };
      const campaign = createCampaign({ ...spec, limits: loosened }, { knowledge });
      expect(campaign.space.isFeasible({ line_load: 1550, line_speed: 1 }, {})).toBe(true);
      expect(campaign.notes[0]).toBe(
        'Safety limit line_load limit was changed from "line_load <= 1500 N/mm" to "line_load <= 1600": new rolls (A. Meyer).',
      );
      const anonymous = { line_load_limit: { expression: "line_load <= 1600", reason: "new rolls" } };
      expect(problemOf({ ...spec, limits: anonymous }, { knowledge }).where).toBe(
        "limits.line_load_limit.name",
      );
      const absolute = {
        "absolute limit": { expression: "line_load <= 9000", reason: "why not", name: "B" },
      };
      expect(problemOf({ ...spec, limits: absolute }, { knowledge }).remedy).toContain("never loosened");
    });

    it("says which formula or input is missing", () => {
      const misspelt = { ...spec, outcomes: { cost: { unit: "USD/m2", formula: "calendering.cots" } } };
      expect(problemOf(misspelt, { knowledge }).remedy).toBe("Did you mean calendering.cost?");
      expect(problemOf({ ...spec, parameters }, { knowledge }).found).toBe(
        "no parameter or context line_speed",
      );
    });
  });

  describe("against hostile input", () => {
    it("refuses names that could reach an object's prototype", () => {
      const spec = JSON.parse(
        '{"campaign":"x","parameters":{"__proto__":{"unit":"1","min":0,"max":1}},"outcomes":{"constructor":{"unit":"1"}}}',
      ) as unknown;
      expect(problemsOf(spec).map((p) => p.where)).toEqual(["parameters.__proto__", "outcomes.constructor"]);
      expect(({} as Record<string, unknown>)["unit"]).toBeUndefined();
    });

    it("refuses ten thousand parameters with the limit, without a flood of problems", () => {
      const many = Object.fromEntries(
        Array.from({ length: 10_000 }, (_, i) => [`p${i}`, { unit: "1", min: 0, max: 1 }]),
      );
      const problem = problemOf({ ...base, parameters: many });
      expect([problem.where, problem.expected]).toEqual(["parameters", "at most 100"]);
    });

    it("refuses nesting without end", () => {
      let deep: unknown = 1;
      for (let i = 0; i < 5000; i++) deep = { a: deep };
      expect(problemOf({ ...base, material: deep }).where).toBe("material.a.a.a");
    });

    it("refuses NaN, infinity, dates and functions", () => {
      const spec = {
        ...base,
        parameters: { a: { unit: "1", min: NaN, max: Infinity } },
        data: new Date(0),
        question: () => 1,
      };
      expect(problemsOf(spec).map((p) => p.where)).toEqual([
        "parameters.a.min",
        "parameters.a.max",
        "data",
        "question",
      ]);
    });
  });

  it("hashes what the file says and the order of its parameters, not the order of other keys", () => {
    const two = { a: { unit: "1", min: 0, max: 1 }, b: { unit: "1", min: 0, max: 1 } };
    const hash = createCampaign({ ...base, parameters: two }).hash;
    expect(createCampaign({ outcomes, parameters: two, campaign: "demo" }).hash).toBe(hash);
    expect(createCampaign({ ...base, parameters: { b: two.b, a: two.a } }).hash).not.toBe(hash);
    expect(
      createCampaign({ ...base, parameters: two }, { knowledge: { ...knowledge, limits: [] } }).hash,
    ).not.toBe(hash);
  });

  it("takes the range of a context without bounds from the trials", () => {
    const campaign = createCampaign({ ...base, context: { humidity: { unit: "%" } } });
    const trial = (id: string, humidity: number) =>
      ({
        id,
        status: "completed",
        parameters: { line_load: 400 },
        context: { humidity },
        observations: {},
        origin: "measured",
      }) as const;
    const next = withTrials(campaign, [trial("a", 20), trial("b", 60)]);
    expect(next.space.encode({ line_load: 400 }, { humidity: 40 })[1]).toBeCloseTo(0.5, 12);
  });

  it("refuses trials of mixed origin unless asked", () => {
    const trial = (id: string, origin: "measured" | "SYNTHETIC") =>
      ({ id, status: "completed", parameters: {}, context: {}, observations: {}, origin }) as const;
    const trials = [trial("a", "measured"), trial("b", "SYNTHETIC")];
    expect(() => createCampaign(base, { trials })).toThrow("mixed");
    expect(createCampaign(base, { trials, mixOrigins: true }).trials).toHaveLength(2);
  });
});
