import type { Knowledge, KnowledgeMean } from "../space/knowledge.js";
import type { OutcomeSurrogate } from "./campaign.js";
import type { OutcomeSpec } from "./campaign-spec.js";
import { definedFields, withoutFields } from "./defined-fields.js";
import type { ProcessOptions } from "./process-options.js";
import type { PriorMeanChoice } from "./prior-mean-choice.js";
import type { EntryReport } from "./read-parameters.js";
import { describeValue } from "./spec-problems.js";
import { spellingRemedy } from "./spelling.js";

/** What the names in a `surrogate:` block can mean. */
export interface SurrogateScope {
  readonly knowledge?: Pick<Knowledge, "priorMeans" | "monotone">;
  /** Numeric parameters and context. */
  readonly inputs: readonly string[];
}

/** The `surrogate:` block of an outcome; what is wrong with it is reported. */
export function readSurrogate(
  name: string,
  spec: OutcomeSpec,
  about: SurrogateScope,
  report: EntryReport,
): { readonly surrogate?: OutcomeSurrogate } {
  const { surrogate } = spec;
  if (surrogate === undefined) return {};
  const priorMean = readPriorMean(surrogate.prior_mean, about.knowledge?.priorMeans ?? [], report);
  const { input_warp: inputWarp, ...rest } = withoutFields(surrogate, "prior_mean", "monotone", "whole_plot");
  const monotone = readDirections(name, surrogate.monotone, about, report);
  const process: ProcessOptions = definedFields({ ...rest, inputWarp, monotone });
  const options = Object.keys(process);
  if (priorMean !== undefined && priorMean !== "none" && options.length > 0) {
    report.problem(
      "surrogate",
      `prior_mean beside ${options.join(", ")}`,
      "a law, or options of the process without one",
      "Remove prior_mean, or say prior_mean: none.",
    );
  }
  checkNoiseModel(process, report);
  const wholePlot = surrogate.whole_plot;
  const others = options.filter((option) => option !== "kernel");
  if (wholePlot === true && (others.length > 0 || (priorMean !== undefined && priorMean !== "none"))) {
    report.problem(
      "surrogate",
      `whole_plot: true beside ${[...(priorMean === undefined || priorMean === "none" ? [] : ["prior_mean"]), ...others].join(", ")}`,
      "one or the other",
      "Remove one.",
    );
  }
  return {
    surrogate: definedFields({
      priorMean,
      process: options.length === 0 ? undefined : process,
      wholePlot,
    }),
  };
}

/** Directions as the file states them, or those that the process knows for this outcome and these inputs. */
function readDirections(
  outcome: string,
  given: NonNullable<OutcomeSpec["surrogate"]>["monotone"],
  { knowledge, inputs }: SurrogateScope,
  report: EntryReport,
): ProcessOptions["monotone"] {
  if (given === undefined || given === "none") return undefined;
  if (given === "known") {
    const rules = (knowledge?.monotone ?? []).filter(
      ({ outcomes, input }) => outcomes.includes(outcome) && inputs.includes(input),
    );
    const directions = rules.map(({ input, direction }) => ({ input, direction }));
    const words = directions.map(({ input, direction }) => `${direction} with ${input}`).join(", ");
    report.message(`monotone: known: ${words === "" ? "the process knows no direction here" : words}`);
    return directions.length === 0 ? undefined : directions;
  }
  const named = Object.entries(given).map(([input, direction]) => ({ input, direction }));
  for (const { input } of named) {
    if (inputs.includes(input)) continue;
    report.problem(
      `surrogate.monotone.${input}`,
      `the unknown input ${input}`,
      "a numeric parameter or context of the campaign",
      spellingRemedy(input, inputs),
    );
  }
  return named.length === 0 ? undefined : named;
}

/** A noise model has a plain covariance, and is one of two. */
function checkNoiseModel(process: ProcessOptions, report: EntryReport): void {
  const {
    robust = false,
    noise = "constant",
    monotone,
    inputWarp = false,
    mean,
    structure = "product",
  } = process;
  if (
    monotone !== undefined &&
    (robust || noise !== "constant" || inputWarp || mean !== undefined || structure !== "product")
  ) {
    const found = "monotone beside robust, noise, input_warp, mean or structure";
    report.problem("surrogate", found, "one or the other", "Remove one.");
  }
  if (robust && noise !== "constant")
    report.problem("surrogate", "robust beside noise: input-dependent", "one of the two", "Remove one.");
  if ((!robust && noise === "constant") || !(inputWarp || mean !== undefined || structure !== "product"))
    return;
  report.problem(
    "surrogate",
    "robust or input-dependent noise beside input_warp, mean or structure",
    "one or the other",
    "Remove one.",
  );
}

function readPriorMean(
  given: NonNullable<OutcomeSpec["surrogate"]>["prior_mean"],
  laws: readonly KnowledgeMean[],
  report: EntryReport,
): PriorMeanChoice | undefined {
  if (given === undefined || given === "none") return given;
  const { name, ...options } = typeof given === "string" ? { name: given } : given;
  const law = laws.find((known) => known.name === name);
  const names = laws.map((known) => known.name);
  if (law === undefined) {
    report.problem(
      "surrogate.prior_mean",
      describeValue(name),
      names.length === 0 ? "none, as the campaign's process has no laws" : `${names.join(", ")} or none`,
      names.length === 0 ? "State process: calendering, or remove prior_mean." : spellingRemedy(name, names),
    );
    return undefined;
  }
  const known = Object.keys(law.options);
  for (const option of Object.keys(options)) {
    if (known.includes(option)) continue;
    report.problem(
      `surrogate.prior_mean.${option}`,
      `the unknown number ${option}`,
      known.join(", "),
      spellingRemedy(option, known),
    );
  }
  return { name, options };
}
