import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  formationProtocol,
  type ProtocolParameters,
} from "../../../../src/process/formation/protocol-family.js";
import { ARBIN } from "../../../../src/process/formation/recipes/arbin.js";
import { BIOLOGIC } from "../../../../src/process/formation/recipes/biologic.js";
import { buildRecipe } from "../../../../src/process/formation/recipes/build-recipe.js";
import { MACCOR } from "../../../../src/process/formation/recipes/maccor.js";
import { NEWARE } from "../../../../src/process/formation/recipes/neware.js";
import { PYBAMM } from "../../../../src/process/formation/recipes/pybamm.js";
import {
  expandActions,
  type Recipe,
  type RecipeAction,
} from "../../../../src/process/formation/recipes/recipe.js";
import type { RecipeFormat } from "../../../../src/process/formation/recipes/recipe-format.js";
import { UNICYCLER } from "../../../../src/process/formation/recipes/unicycler.js";
import { writeRecipe } from "../../../../src/process/formation/recipes/write-recipe.js";

const golden = (peer: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../golden/recipes.${peer}.json`, import.meta.url), "utf8"));

interface UnicyclerGolden {
  readonly parts: readonly { readonly ours: string; readonly neware: string; readonly biologic: string }[];
}
interface MaccorStep {
  readonly StepType: string;
  readonly StepMode: string | null;
  readonly StepValue: string | null;
  readonly Ends: { readonly EndEntry: readonly Readonly<Record<string, string>>[] } | null;
}
type Fields = Readonly<Record<string, string>>;
interface BeepGolden {
  readonly maccor: { readonly ours: string; readonly steps: readonly MaccorStep[] };
  readonly arbin: readonly {
    readonly ours: string;
    readonly read: Readonly<Record<string, string | Fields>>;
  }[];
}
interface PybammGolden {
  readonly ours: string;
  readonly steps: readonly {
    readonly type: string;
    readonly value: number;
    readonly duration: number;
    readonly temperature: number;
    readonly termination: readonly (readonly [string, number])[];
  }[];
}

/** The recipe of `recipes.campaign.yaml` with the settings in `recipes.py`. */
const PARAMETERS: ProtocolParameters = {
  c_rate_cc1: 0.37,
  v_cutoff_cc1: 3.8123,
  c_rate_cc2: 0.2,
  v_cutoff_cc2: 4.2,
  cv_cutoff: 0.05,
  cv_hold: 4,
  c_rate_discharge: 0.2,
  v_lower: 2.8,
  n_shallow_cycles: 3,
  v_lower_shallow: 3.9,
  n_verification_cycles: 2,
  precharge_voltage: 1.5,
  precharge_rest: 6,
  wetting_hold: 24,
  rest_ocv: 12,
  temperature: 30,
};
let recipe: Recipe;
let actions: readonly RecipeAction[];

beforeAll(() => {
  recipe = buildRecipe({
    name: "formation-golden",
    protocol: formationProtocol(PARAMETERS),
    cell: { upperVoltageV: 4.2, lowerVoltageV: 2.8, capacityAh: 0.3213 },
    provenance: {
      software: "cellwright 0.0.0",
      campaign: "formation-golden",
      campaignHash: "",
      createdAt: "2026-01-02T03:04:05Z",
      settings: {},
    },
    notes: [],
  });
  actions = recipe.phases.flatMap((phase) => expandActions(phase.actions));
});

/** What tells the steps of two texts apart: no prose, no dates, no checksums. */
const essence = (text: string): string =>
  text
    .replaceAll(/"(?:notes|provenance|checksum)":[\s\S]*$/gu, "")
    .replaceAll(/<!--[\s\S]*?-->|^(?:m_szComments=|Comments :).*$/gmu, "")
    .replaceAll(/"tag": "A proposal[^\n]*|sha256:[0-9a-f]{64}/gu, "")
    .replaceAll(/date="\d*" Guid="[^"]*"/gu, "");

/** The peer has read the very text that is written today. */
function expectSameText(format: RecipeFormat, texts: readonly string[]): void {
  expect(writeRecipe(recipe, format).map(({ text }) => essence(text))).toEqual(texts.map(essence));
}

describe("aurora-unicycler 0.4.6", () => {
  const { parts } = golden("aurora-unicycler-0.4.6") as UnicyclerGolden;

  it("reads our unicycler files", () => {
    expectSameText(
      UNICYCLER,
      parts.map(({ ours }) => ours),
    );
  });

  it.each([
    ["neware", NEWARE],
    ["biologic", BIOLOGIC],
  ] as const)("writes the same steps and limits into %s files", (name, format) => {
    parts.forEach((part, i) => {
      const phase = recipe.phases[i]!;
      const [read] = format.read(part[name], recipe);
      expect(read!.actions).toEqual(expandActions(phase.actions));
      for (const limit of format.carries) expect(read!.window[limit]).toBe(phase.window[limit]);
    });
  });

  it("writes every value of the Neware steps and of the BioLogic table as we do", () => {
    const values = (text: string): string[] =>
      essence(text)
        .split("\n")
        .map((line) => line.trim())
        .filter((line) =>
          /^<(?:Curr|Time|Stop_Volt|Volt|Stop_Curr|Step|Upper|Lower|Cycle_Count|Start_Step)/u.test(line),
        );
    parts.forEach((part, i) => {
      expect(values(writeRecipe(recipe, NEWARE)[i]!.text)).toEqual(values(part.neware));
      const table = (text: string): string[] =>
        text
          .slice(text.indexOf("\nNs "))
          .split("\n")
          .map((l) => l.trimEnd());
      expect(table(writeRecipe(recipe, BIOLOGIC)[i]!.text)).toEqual(table(part.biologic));
    });
  });
});

describe("beep 2026.2.7", () => {
  const { maccor, arbin } = golden("beep-2026.2.7") as BeepGolden;

  it("reads our Maccor procedure: types, values, ends and safety ends of every step", () => {
    expectSameText(MACCOR, [maccor.ours]);
    expect(maccor.steps.at(-1)!.StepType).toBe("End");
    expect(maccor.steps).toHaveLength(actions.length + 1);
    let phase = 0;
    const first = expandActions(recipe.phases[0]!.actions).length;
    actions.forEach((action, i) => {
      if (i === first) phase = 1;
      const step = maccor.steps[i]!;
      const ends = step.Ends!.EndEntry;
      const { minVolts, maxVolts } = recipe.phases[phase]!.window;
      const safety = ends.filter((end) => end["ChanSafetyEnd"] === "True");
      expect(safety.map((end) => [end["EndType"], end["Oper"], Number(end["Value"])])).toEqual([
        ["Voltage", ">=", maxVolts],
        ["Voltage", "<=", minVolts],
      ]);
      expect(safety.every((end) => Number(end["Step"]) === actions.length + 1)).toBe(true);
      const [time, own] = ends;
      const seconds = time!["Value"]!.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
      expect(seconds).toBe(action.kind === "current" ? action.guardSeconds : action.seconds);
      if (action.kind === "rest") expect(step.StepType).toBe("Rest");
      else if (action.kind === "current") {
        expect(step.StepType).toBe(action.milliamps > 0 ? "Charge" : "Dischrge");
        expect([step.StepMode, Number(step.StepValue) * 1000]).toEqual([
          "Current",
          expect.closeTo(Math.abs(action.milliamps), 9),
        ]);
        expect(Number(own!["Value"])).toBe(action.untilVolts);
      } else {
        expect([step.StepMode, Number(step.StepValue)]).toEqual(["Voltage", action.volts]);
        expect(Number(own!["Value"]) * 1000).toBeCloseTo(action.untilMilliamps!, 9);
      }
    });
  });

  it("reads our Arbin schedules: controls, limits and the safety scope", () => {
    expectSameText(
      ARBIN,
      arbin.map(({ ours }) => ours),
    );
    arbin.forEach(({ read }, i) => {
      const phase = recipe.phases[i]!;
      const { minVolts, maxVolts } = phase.window;
      expect((read["m_VoltageSafetyScope"] as string).split("^").map(Number)).toEqual([minVolts, maxVolts]);
      const steps = expandActions(phase.actions);
      expect(Number(read["m_uStepNum"])).toBe(steps.length);
      steps.forEach((action, j) => {
        const step = read[`Step${j}`] as Fields & { readonly Limit0: Fields; readonly Limit1: Fields };
        const seconds = action.kind === "current" ? action.guardSeconds : action.seconds;
        expect([step.Limit0["Equation0_szLeft"], Number(step.Limit0["Equation0_szRight"])]).toEqual([
          "PV_CHAN_Step_Time",
          seconds,
        ]);
        const kinds = { rest: "Rest", current: "Current(A)", hold: "Voltage(V)" } as const;
        expect(step["m_szStepCtrlType"]).toBe(kinds[action.kind]);
        if (action.kind === "current") {
          expect(Number(step["m_szCtrlValue"]) * 1000).toBeCloseTo(action.milliamps, 9);
          expect(Number(step.Limit1["Equation0_szRight"])).toBe(action.untilVolts);
        }
      });
    });
  });
});

describe("pybamm 26.10.1.1", () => {
  const { ours, steps } = golden("pybamm-26.10.1.1") as PybammGolden;

  it("reads our strings: values, times and ends of every step", () => {
    expectSameText(PYBAMM, [ours]);
    const capacity = recipe.capacityMilliampHours;
    const read = steps.map((step): RecipeAction => {
      const end = step.termination[0]?.[1];
      if (step.type === "Rest") return { kind: "rest", seconds: step.duration };
      if (step.type === "Voltage") {
        const untilMilliamps = Number((end! * capacity).toPrecision(4));
        return { kind: "hold", volts: step.value, untilMilliamps, seconds: step.duration };
      }
      const milliamps = -Number((step.value * capacity).toPrecision(4)); // its discharge is positive
      return { kind: "current", milliamps, untilVolts: end!, guardSeconds: step.duration };
    });
    expect(read).toEqual(actions);
    expect(new Set(steps.map(({ temperature }) => temperature))).toEqual(new Set([303.15]));
  });
});
