import { z } from "zod";
import { ACQUISITION_FAMILIES } from "../acquisition/family-names.js";
import { LARGEST_MAGNITUDE } from "../data/number-column.js";
import { DESIGN_KINDS } from "./design-request.js";

/**
 * The campaign file (`*.campaign.yaml` or `.json`): this schema is its only definition; the JSON Schema for editors is
 * made from it. Messages of the checks say what was expected, and `specProblems` adds what was found and the remedy.
 * What one field alone cannot show (bounds reversed, unknown names, circular formulas) is checked by `createCampaign`.
 */

/** Most entries of each kind (assumption: ten times what a line campaign has; the search is untested beyond). */
export const SPEC_LIMITS = {
  parameters: 100,
  context: 50,
  outcomes: 50,
  constraints: 200,
  choices: 1000,
  notes: 30,
  batch: 64,
  expressionLength: 2000,
  nameLength: 64,
} as const;

const MAGNITUDE = `a number of magnitude at most ${LARGEST_MAGNITUDE}`;
const number = z.number("a number").gte(-LARGEST_MAGNITUDE, MAGNITUDE).lte(LARGEST_MAGNITUDE, MAGNITUDE);
const positive = z.number("a number above 0").positive("a number above 0").lte(LARGEST_MAGNITUDE, MAGNITUDE);
const nonNegative = z
  .number("a number of at least 0")
  .nonnegative("a number of at least 0")
  .lte(LARGEST_MAGNITUDE, MAGNITUDE);
const text = z.string("text").min(1, "text that is not empty").max(300, "at most 300 characters");
const choice = z
  .string('text; put quotes around names such as "1" or "true"')
  .min(1, "text that is not empty")
  .max(300, "at most 300 characters");
const unit = text.describe("Unit, such as N/mm, degC, %, g/cm3, h, USD/m2; 1 for a plain number.");
const scale = z.enum(["linear", "log"], "linear or log");
const expression = z
  .string("an expression such as line_load <= 1800 - 6 * roll_temperature")
  .min(1, "an expression")
  .max(SPEC_LIMITS.expressionLength, `at most ${SPEC_LIMITS.expressionLength} characters`);

const changeSpec = z
  .strictObject(
    {
      effort: z
        .enum(["easy", "medium", "hard"], "easy, medium or hard")
        .describe("How hard the setting is to change."),
      minutes: nonNegative.optional().describe("Minutes that a change takes."),
      scrap: nonNegative.optional().describe("Metres of web lost with a change."),
    },
    "an object with effort, minutes, scrap",
  )
  .describe("What it costs to change this setting between runs.");

export const parameterSpec = z
  .strictObject(
    {
      type: z
        .enum(
          ["continuous", "integer", "discrete", "categorical"],
          "continuous, integer, discrete or categorical",
        )
        .optional()
        .describe("Needed for integer only; else it follows from min/max, values or choices."),
      unit: unit.optional(),
      min: number.optional().describe("Smallest setting that may be suggested."),
      max: number.optional().describe("Largest setting that may be suggested."),
      step: positive.optional().describe("Suggestions are min + k·step."),
      scale: scale.optional().describe("log where ratios matter, such as for C-rates; default linear."),
      values: z
        .array(number, "a list of numbers")
        .min(2, "at least two values")
        .max(SPEC_LIMITS.choices, `at most ${SPEC_LIMITS.choices} values`)
        .optional()
        .describe("The only numbers that the machine can be set to."),
      choices: z
        .array(choice, "a list of names")
        .min(2, "at least two choices")
        .max(SPEC_LIMITS.choices, `at most ${SPEC_LIMITS.choices} choices`)
        .optional()
        .describe("Names without an order."),
      was: z
        .union([number, choice], "a number, or one of the choices")
        .optional()
        .describe("Setting of the rows that were recorded before this was a parameter: with it they teach."),
      tolerance: positive
        .optional()
        .describe("The machine holds the setting within ± this (95 % of the time), in the parameter's unit."),
      change: changeSpec.optional(),
      max_move: nonNegative
        .optional()
        .describe(
          "Suggestions stay within ± this of today's setting, in the parameter's unit; --max-move overrides it.",
        ),
    },
    "an object such as { unit: N/mm, min: 200, max: 1600 }",
  )
  .describe("A setting that is chosen.");

export const contextSpec = z
  .strictObject(
    {
      unit: unit.optional(),
      min: number.optional().describe("Smallest value that is expected; used to scale the model."),
      max: number.optional().describe("Largest value that is expected."),
      scale: scale.optional().describe("log where ratios matter; default linear."),
      choices: z
        .array(choice, "a list of names")
        .min(1, "at least one choice")
        .max(SPEC_LIMITS.choices, `at most ${SPEC_LIMITS.choices} choices`)
        .optional()
        .describe("Names, where the state is no number."),
      value: z
        .union([z.number(), z.string()], "a number, or one of the choices")
        .optional()
        .describe("The state for which suggestions are asked; --context name=value overrides it."),
    },
    'an object such as { unit: "%", min: 35, max: 60, value: 44 }',
  )
  .describe("A state that is measured but not chosen.");

const priorMeanSpec = z
  .union(
    [text, z.object({ name: text }, "an object with name").catchall(number)],
    "the name of a law of the process, none, or an object such as { name: calendering.compaction, gap_offset: 500 }",
  )
  .describe(
    "Law of the process around which the outcome is learned, with parameters that are fitted and reported; none: never. Absent: what the process offers is taken only where it predicts left-out settings clearly better.",
  );

const entries = <T extends z.ZodType>(entry: T, expected: string) => z.record(z.string(), entry, expected);

const KERNELS = ["matern-1/2", "matern-3/2", "matern-5/2", "rbf"] as const;

const surrogateSpec = z
  .strictObject(
    {
      prior_mean: priorMeanSpec.optional(),
      robust: z
        .boolean("true or false")
        .optional()
        .describe("Finds outliers and gives them less weight; they are named. Default false."),
      kernel: z
        .enum(KERNELS, KERNELS.join(", "))
        .optional()
        .describe("How smooth the outcome is taken to be; default matern-5/2."),
      noise: z
        .enum(["constant", "input-dependent"], "constant or input-dependent")
        .optional()
        .describe("Whether the scatter of repeated runs may vary with the settings. Default constant."),
      monotone: z
        .union(
          [
            z.enum(["known", "none"]),
            entries(
              z.enum(["increasing", "decreasing"], "increasing or decreasing"),
              "an object of input: direction",
            ),
          ],
          "known, none, or an object such as { line_load: increasing }",
        )
        .optional()
        .describe(
          "Directions that the outcome never goes against when one input rises: stated, or those that the process knows (known). Default none.",
        ),
      whole_plot: z
        .union([z.boolean(), z.literal("auto")], "true, false or auto")
        .optional()
        .describe(
          "Whether runs between two changes of what is hard to change share an error; default auto: where the data show it.",
        ),
      input_warp: z
        .boolean("true or false")
        .optional()
        .describe("Bends continuous inputs by a fitted warp, for responses that are steep at one end."),
      mean: z
        .enum(["constant", "linear"], "constant or linear")
        .optional()
        .describe("What is expected far from data: a level, or a trend in the continuous inputs."),
      structure: z
        .enum(["product", "sum", "sum-and-product"], "product, sum or sum-and-product")
        .optional()
        .describe("How continuous inputs and choices act together; default product."),
    },
    "an object such as { prior_mean: calendering.compaction }",
  )
  .describe("How the outcome is learned; absent: as the engine decides.");

const relativeOf = z
  .string("incumbent, or the id of a trial")
  .min(1, "incumbent, or the id of a trial")
  .describe(
    "incumbent: the best tried setting, by prediction; else the id of a trial, predicted at its settings.",
  );

export const outcomeSpec = z
  .strictObject(
    {
      unit: unit.optional(),
      goal: z
        .enum(["maximize", "minimize", "target"], "maximize, minimize or target")
        .optional()
        .describe("Makes the outcome an objective."),
      target: number.optional().describe("The value that is best; closest wins."),
      threshold: number
        .optional()
        .describe(
          "The point from which the objective counts (reference point of the hypervolume); not a limit.",
        ),
      spec: z
        .strictObject(
          {
            min: number.optional().describe("Lower specification limit (LSL)."),
            max: number.optional().describe("Upper specification limit (USL)."),
            safety: z
              .boolean("true or false")
              .optional()
              .describe("Safe mode keeps this specification; without any marked one it keeps all of them."),
          },
          "an object with min, max or both",
        )
        .optional()
        .describe("Limits that the outcome must hold."),
      scale: z
        .enum(["auto", "log", "identity"], "auto, log or identity")
        .optional()
        .describe("Scale on which the outcome is learned; auto chooses a warp where the data support one."),
      per: z
        .enum(["trial", "group"], "trial or group")
        .optional()
        .describe("group: measured once per group, copied to its rows."),
      value: z
        .union([positive, text], "an amount of money such as 0.002 USD/cell")
        .optional()
        .describe(
          "What one unit better is worth a year: in USD or EUR, or in USD/cell or USD/m2 made (economics states how many a year). With trial_cost, the advice to stop is given in money.",
        ),
      matures: z
        .strictObject(
          {
            signals: entries(
              nonNegative,
              "an object of outcome: hours on a channel until it is known",
            ).describe("Outcomes that tell of it early, with the hours on a channel until each is known."),
            hours: positive.describe("Hours on a channel until the outcome itself is known."),
            elapsed: text
              .optional()
              .describe(
                "Outcome, in a unit of time, that holds how long a running cell has been on its channel.",
              ),
            use: z
              .enum(["auto", "always", "never"], "auto, always or never")
              .optional()
              .describe(
                "Whether early signals count; default auto: where they predict left-out results clearly better.",
              ),
          },
          "an object such as { signals: { first_cycle_efficiency: 30 }, hours: 1500 }",
        )
        .optional()
        .describe(
          "For outcomes that take long: early signals of running cells are learned from, and `cellwright cells` advises which cells to keep cycling.",
        ),
      sem: nonNegative
        .optional()
        .describe(
          "Standard error of one measurement, in the outcome's unit, where nothing is replicated; 0: none, even where the process knows how such results scatter.",
        ),
      price: positive.optional().describe("Price of one measurement on a sample that is there, USD."),
      minutes: positive.optional().describe("Minutes that one measurement takes."),
      formula: expression
        .optional()
        .describe("Computed: an expression, or a formula that the process knows, such as calendering.cost."),
      composite: z
        .boolean("true or false")
        .optional()
        .describe(
          "Applies the formula to what is learned of the outcomes that it names, instead of learning its value per row. Default false.",
        ),
      error: z
        .union([z.number(), z.string()], "a share such as 2 %, or a number with or without unit")
        .optional()
        .describe(
          "Standard deviation of a formula: relative (2 %) or absolute (0.5 h). All runs share it: it counts in the probability of keeping limits and in intervals, and is no gain of one run over another.",
        ),
      atLeast: z
        .strictObject(
          {
            share: z
              .number("a share between 0 and 1")
              .gt(0, "a share above 0")
              .lte(1, "a share of at most 1")
              .describe("Share of the incumbent's value, such as 0.95."),
            of: relativeOf,
          },
          "an object such as { share: 0.95, of: incumbent }",
        )
        .optional()
        .describe("Suggestions must keep this share of the incumbent's value, or of a trial's."),
      atMost: z
        .strictObject(
          {
            share: z
              .number("a share such as 1.05")
              .gt(0, "a share above 0")
              .lte(10, "a share of at most 10")
              .describe("Share of the incumbent's value, such as 1.05."),
            of: relativeOf,
          },
          "an object such as { share: 1.05, of: incumbent }",
        )
        .optional()
        .describe("Suggestions must stay at or below this share of the incumbent's value, or of a trial's."),
      surrogate: surrogateSpec.optional(),
    },
    "an object such as { unit: N/m, goal: maximize }",
  )
  .describe("A measured or computed result.");

const strategySpec = z
  .strictObject(
    {
      acquisition: z
        .enum(["auto", ...ACQUISITION_FAMILIES], `auto, ${ACQUISITION_FAMILIES.join(", ")}`)
        .optional()
        .describe("How the next runs are valued; default auto: what fits the objectives, noise and limits."),
      search: z
        .enum(["auto", "global", "trust-region"], "auto, global or trust-region")
        .optional()
        .describe(
          "Where the next runs are looked for: everywhere, or in a box about the best run; default auto: the box beyond 15 parameters.",
        ),
      initial_design: z
        .enum(DESIGN_KINDS, DESIGN_KINDS.join(", "))
        .optional()
        .describe(
          "Design of the first runs, while there is none; default: spread over the allowed settings.",
        ),
      per: z
        .enum(["hour", "money"], "hour or money")
        .optional()
        .describe("Counts gain per hour of a run, or per money (trial_cost): cheaper runs come first."),
      budget: positive
        .optional()
        .describe(
          "All that may be spent, in hours or money as `per` says: cost counts less as it is used up.",
        ),
      replicate: z
        .enum(["auto", "never"], "auto or never")
        .optional()
        .describe(
          "Whether a tried setting is repeated on purpose where another result there is worth more than a new setting; default auto: where results scatter much.",
        ),
    },
    "an object such as { acquisition: thompson }",
  )
  .describe("How suggestions are chosen.");

const materialSpec = z
  .union(
    [text, z.looseObject({ preset: text.optional(), solid_density: positive.optional() })],
    "the name of a preset, or an object such as { preset: NMC622, solid_density: 4.45 }",
  )
  .describe(
    "Electrode material: a preset's name, or a preset with values overridden (solid_density in g/cm3).",
  );

const cellSpec = z
  .strictObject(
    {
      upper_voltage: positive.describe("Upper voltage of the cell's rating, V."),
      lower_voltage: nonNegative.describe("Lower voltage of the cell's rating, V."),
      capacity: positive.describe("Nominal capacity, Ah: 1C is this current for one hour."),
      n_p_ratio: positive.optional().describe("Areal capacity of the anode over that of the cathode."),
    },
    "an object with upper_voltage, lower_voltage, capacity",
  )
  .describe("The cell's rating: needed for every formation suggestion.");

export const limitSpec = z
  .strictObject(
    {
      expression: expression.describe("A comparison among parameters, in the constraints' language."),
      reason: text.optional().describe("Why a limit of the process is replaced."),
      name: text.optional().describe("Who answers for it."),
    },
    "an object with expression (and reason and name where it loosens)",
  )
  .describe(
    "Alone it tightens: it holds beside the process's limit. With reason and name it replaces that limit.",
  );

export const desirabilitySpec = z
  .strictObject(
    {
      target: number.describe("The value from which on (or at which) nothing is left to wish for."),
      lower: number.optional().describe("Values down to here have no worth."),
      upper: number.optional().describe("Values up to here have no worth."),
      weight: positive.optional().describe("Exponent: how much nearness to the target counts; default 1."),
      importance: positive.optional().describe("Its share beside the other outcomes'; default 1."),
    },
    "an object such as { lower: 10, target: 30, importance: 2 }",
  )
  .describe("How desirable an outcome is, from 0 at its limits to 1 at its target.");

const RISK_MEASURES = ["mean", "var", "cvar", "worst-case"] as const;

const riskSpec = z
  .strictObject(
    {
      measure: z
        .enum(RISK_MEASURES, RISK_MEASURES.join(", "))
        .describe("What counts of an outcome over the settings that the plant may hold."),
      level: z
        .number("a share such as 0.9")
        .gt(0, "a share above 0")
        .lt(1, "a share below 1")
        .optional()
        .describe("Share of those settings that must reach the value, for var and cvar; default 0.9."),
    },
    "an object such as { measure: cvar, level: 0.9 }",
  )
  .describe(
    "Judges objectives and specifications over the parameters' tolerances instead of at the settings.",
  );

const trialCostSpec = z
  .strictObject(
    {
      fixed: nonNegative.optional().describe("What every run costs, in the currency."),
      per_hour: nonNegative
        .optional()
        .describe("What an hour of a run costs; the hours are the first computed outcome in a unit of time."),
      outcome: text.optional().describe("A computed outcome in the currency: added to the cost of a run."),
      currency: z.enum(["USD", "EUR"], "USD or EUR").optional().describe("Default USD."),
    },
    "an object with fixed, per_hour, outcome or currency",
  )
  .describe("What a run costs.");

/** Names become columns and identifiers of expressions. */
export const NAME_PATTERN = /^[\p{L}_][\p{L}\p{N}_]*$/u;

export const campaignSpecSchema = z
  .strictObject(
    {
      campaign: z
        .string("a name")
        .regex(
          /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
          "letters, digits, dot, hyphen and underscore, at most 100",
        )
        .describe("Name of the campaign; its trials are kept under it."),
      process: z
        .enum(["calendering", "formation"], "calendering or formation")
        .optional()
        .describe("Switches process knowledge on."),
      material: materialSpec.optional(),
      chemistry: text.optional().describe("Cell chemistry, such as NMC622/graphite."),
      cell: cellSpec.optional(),
      economics: entries(number, "an object of constant: number")
        .optional()
        .describe(
          "Overrides constants of the cost model, such as the share of cost that cycling time decides.",
        ),
      trial_cost: trialCostSpec.optional(),
      protocol: entries(text, "an object of parameter: step")
        .optional()
        .describe("Which step of the protocol each parameter sets."),
      limits: entries(limitSpec, "an object of name: { expression }")
        .optional()
        .describe("Tightens safety limits; loosening one needs a reason and a name."),
      data: text.optional().describe("A CSV beside this file, or the name of a shipped data set."),
      group: text.optional().describe("Column whose groups cross-validation never splits."),
      whole_plot: text
        .optional()
        .describe(
          "Column that says which runs were made with one set-up of what is hard to change; absent: consecutive runs between two changes.",
        ),
      parameters: entries(parameterSpec, "an object of name: { unit, min, max }").describe("What is chosen."),
      context: entries(contextSpec, "an object of name: { unit, value }")
        .optional()
        .describe("What is measured but not chosen."),
      outcomes: entries(outcomeSpec, "an object of name: { unit, goal }").describe(
        "What is measured or computed.",
      ),
      constraints: z
        .array(expression, "a list of comparisons such as line_load <= 1500")
        .max(SPEC_LIMITS.constraints, `at most ${SPEC_LIMITS.constraints} constraints`)
        .optional()
        .describe("Relations among parameters and context that every suggestion satisfies."),
      question: text.optional().describe("What the campaign asks, in a sentence; printed above the answer."),
      notes: z
        .array(
          z.string("text").min(1, "text that is not empty").max(600, "at most 600 characters"),
          "a list of sentences",
        )
        .max(SPEC_LIMITS.notes, `at most ${SPEC_LIMITS.notes} notes`)
        .optional()
        .describe("What must be read beside every suggestion: limits of the data, assumptions."),
      desirability: entries(desirabilitySpec, "an object of outcome: { lower, target, upper }")
        .optional()
        .describe("Weighs outcomes into one objective, the overall desirability (Derringer and Suich)."),
      risk: riskSpec.optional(),
      safe: z
        .number("a probability such as 0.95")
        .gt(0, "a probability above 0")
        .lt(1, "a probability below 1")
        .optional()
        .describe(
          "Safe mode: only settings that keep the safety specifications with at least this probability are suggested.",
        ),
      run_minutes: positive
        .optional()
        .describe(
          "Minutes that a run takes besides changes of settings; default 60. Weighs changes that are hard.",
        ),
      strategy: strategySpec.optional(),
      batch: z
        .int("a whole number")
        .min(1, "at least 1")
        .max(SPEC_LIMITS.batch, `at most ${SPEC_LIMITS.batch}`)
        .optional()
        .describe("Number of suggestions at a time; default 4."),
    },
    "an object with campaign, parameters and outcomes",
  )
  .describe("A Cellwright campaign: one optimisation problem.");

/** A campaign file as the user writes it. */
export type CampaignSpec = z.infer<typeof campaignSpecSchema>;
export type ParameterSpec = z.infer<typeof parameterSpec>;
export type ContextSpec = z.infer<typeof contextSpec>;
export type OutcomeSpec = z.infer<typeof outcomeSpec>;
export type LimitSpec = z.infer<typeof limitSpec>;

/** The JSON Schema (2020-12) of campaign files, for editors. */
export function campaignJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(campaignSpecSchema, { io: "input", target: "draft-2020-12" });
  return { title: "Cellwright campaign", ...schema };
}
