import { type AcquisitionFamily, ACQUISITION_FAMILIES } from "../acquisition/family-names.js";
import { MOST_OBJECTIVES } from "../acquisition/create-acquisition.js";
import { isFormed, isKnown, type OutcomeModel } from "../acquisition/outcome-terms.js";
import { CellwrightError, type Problem } from "../errors.js";
import type { AskProblem } from "./ask-problem.js";
import type { Campaign } from "./campaign.js";
import { isLimited } from "./is-limited.js";

/** How the next runs are valued: by name, or as the engine decides. */
export type AcquisitionChoice = AcquisitionFamily | "auto";

export const ACQUISITION_CHOICES = ["auto", ...ACQUISITION_FAMILIES] as const;

/** What a family needs, in numbers of outcomes. */
interface Counts {
  readonly objectives: number;
  readonly learnedObjectives: number;
  readonly specifications: number;
  readonly learned: number;
  /** Objectives and specifications that are formed from draws of other outcomes. */
  readonly formed: number;
  /** Objectives that are targets. */
  readonly targets: number;
}

/** Why a family does not fit, as what it expects; null where it does. */
function misfit(family: AcquisitionFamily, counts: Counts): string | null {
  const { objectives, learnedObjectives, specifications, learned, formed, targets } = counts;
  const drawn = ["log-ei", "ucb", "thompson", "knowledge-gradient", "straddle"].includes(family);
  if (drawn && formed > 0) return "outcomes that are learned or computed from settings, none composite";
  const one = objectives === 1 ? null : `exactly one objective (the campaign has ${objectives})`;
  switch (family) {
    case "log-ei":
    case "log-nei":
    case "ucb":
      return one;
    case "log-nehvi":
      return objectives >= 2 && objectives <= MOST_OBJECTIVES
        ? null
        : `two to ${MOST_OBJECTIVES} objectives (the campaign has ${objectives})`;
    case "parego":
      return objectives >= 2 ? null : `at least two objectives (the campaign has ${objectives})`;
    case "thompson":
      return learnedObjectives >= 1 ? null : "an objective that is learned (the campaign has none)";
    case "knowledge-gradient":
      return (
        one ??
        (learnedObjectives === 1 && targets === 0 ? null : "an objective that is learned and no target")
      );
    case "variance":
      return learned >= 1 ? null : "an outcome that is learned (the campaign has none)";
    case "straddle":
      return specifications >= 1 ? null : "a specification of a learned outcome (the campaign has none)";
  }
}

/**
 * Refuses a choice that does not fit what the campaign asks.
 *
 * @throws CellwrightError INVALID_OPTION
 */
export function requireFittingAcquisition(campaign: Campaign, choice: AcquisitionChoice): void {
  const known = (ACQUISITION_CHOICES as readonly string[]).includes(choice);
  if (known && choice === "auto") return;
  const expected = known
    ? misfit(choice as AcquisitionFamily, campaignCounts(campaign))
    : ACQUISITION_CHOICES.join(", ");
  if (expected === null) return;
  const problem: Problem = {
    where: "acquisition",
    found: choice,
    expected,
    remedy: "Leave it out or choose auto: the engine then takes what fits.",
  };
  throw new CellwrightError("INVALID_OPTION", `The acquisition ${choice} does not fit this campaign.`, {
    problems: [problem],
  });
}

function campaignCounts({ outcomes, spec: { risk } }: Campaign): Counts {
  const judged = outcomes.filter((o) => o.goal !== undefined || isLimited(o));
  const learned = outcomes.filter(({ formula, composite }) => formula?.known !== true && composite !== true);
  return {
    objectives: outcomes.filter(({ goal }) => goal !== undefined).length,
    learnedObjectives: learned.filter(({ goal }) => goal !== undefined).length,
    specifications: learned.filter((o) => isLimited(o)).length,
    learned: learned.length,
    formed: judged.filter(({ composite }) => composite === true || risk !== undefined).length,
    targets: outcomes.filter(({ goal }) => goal === "target").length,
  };
}

/** Whether a family values runs by the logarithm of a gain that can be added up over a batch. */
export function isLogarithm(family: AcquisitionFamily | "auto"): boolean {
  return (
    family !== "ucb" &&
    family !== "thompson" &&
    family !== "straddle" &&
    family !== "variance" &&
    family !== "knowledge-gradient"
  );
}

/** The family that answers, and a sentence on it; the sentence is absent where nobody asked and the usual is done. */
export interface ChosenFamily {
  readonly family: AcquisitionFamily | "auto";
  readonly message?: string;
}

/**
 * The family for this request: the one asked for, unless an outcome that it needs has no model to judge it yet.
 *
 * @param choice - Absent where the request says nothing.
 */
export function chosenFamily(problem: AskProblem, choice: AcquisitionChoice | undefined): ChosenFamily {
  const counts = problemCounts(problem);
  const usual = usualFamily(problem, counts);
  if (choice === undefined)
    return counts.objectives > MOST_OBJECTIVES
      ? { family: "auto", message: `Runs are valued by ${usual}.` }
      : { family: "auto" };
  if (choice === "auto") return { family: "auto", message: `Runs are valued by ${usual}.` };
  const missing = misfit(choice, counts);
  if (missing === null)
    return { family: choice, message: `Runs are valued by ${choice}, as the request says.` };
  return {
    family: "auto",
    message: `${choice} cannot judge yet, because the models that it needs are missing or have no skill: runs are valued by ${usual}.`,
  };
}

function problemCounts({ objectives, specifications, judged }: AskProblem): Counts {
  const learned = (terms: readonly { readonly model: OutcomeModel }[]): number =>
    terms.filter(({ model }) => !isKnown(model) && !isFormed(model)).length;
  return {
    objectives: objectives.length,
    learnedObjectives: learned(objectives),
    specifications: learned(specifications),
    learned: learned(judged),
    targets: objectives.filter(({ goal }) => goal === "target").length,
    formed: [...objectives, ...specifications].filter(({ model }) => isFormed(model)).length,
  };
}

/** What `auto` takes, and why. */
function usualFamily({ noisy, pending }: AskProblem, { objectives }: Counts): string {
  if (objectives === 0) return "what they tell where limits may hold, because no outcome has a goal";
  if (objectives > MOST_OBJECTIVES)
    return `parego (a random weighing of the ${objectives} objectives for every run), because hypervolumes of more than ${MOST_OBJECTIVES} objectives cost too much; expected gains in hypervolume are estimated by sampling`;
  if (objectives > 1) return `log-nehvi, because ${objectives} objectives are traded off`;
  if (noisy) return "log-nei, because repeated runs differ";
  if (pending.rows > 0) return "log-nei, because results of other runs are still to come";
  return "log-ei (log-nei from the second run of a batch), because the data are nearly free of noise";
}
