import { CellwrightError } from "../errors.js";
import type { AskRequest } from "./ask-request.js";
import type { ChosenRun } from "./choose-runs.js";
import { definedFields } from "./defined-fields.js";
import { type DesignRun, design } from "./design.js";
import type { DesignKind } from "./design-request.js";

/** Kinds whose number of runs can be stated. */
const OPEN_KINDS: readonly DesignKind[] = ["lhs", "sobol", "d-optimal", "fractional"];

/** First runs by a design of experiments, in the order in which they are to be made. */
export interface FirstDesign {
  readonly runs: readonly ChosenRun[];
  readonly messages: readonly string[];
}

/**
 * The first runs of a campaign as the design that the request, or else its file, asks for; null where neither does, or the
 * file's has begun: `ask` then goes on from what is there.
 *
 * @param wanted - What the request itself states; default the campaign's `strategy.initial_design`.
 * @param count - Runs, where the request states them; default what the kind takes.
 * @throws CellwrightError INVALID_OPTION where the request asks for a design but runs are there, and as `design`.
 */
export function firstDesign(
  { campaign, everyone, space, options, seed, context }: AskRequest,
  { wanted, count }: { readonly wanted: DesignKind | undefined; readonly count: number | undefined },
): FirstDesign | null {
  const kind = wanted ?? campaign.spec.strategy?.initial_design;
  if (kind === undefined) return null;
  const begun = everyone.filter(({ status }) => status !== "abandoned");
  if (begun.length > 0 && wanted === undefined) return null;
  if (begun.length > 0) throw alreadyBegun(kind, begun.length);
  if (count !== undefined && !OPEN_KINDS.includes(kind)) throw fixedCount(kind, count);
  const request = definedFields({ kind, runs: count, seed, fix: options.fix, context });
  const { runs, messages } = design({ ...campaign, space }, request);
  return {
    runs: runs.map((run) => ({
      x: space.encode(run.parameters, run.context),
      origin: "initial-design",
      acquisition: { name: `design-${kind}`, value: 0 },
      designed: wordsOf(kind, run, runs),
    })),
    messages: [
      `The first runs are a ${kind} design of ${runs.length} runs in random order; cellwright design tells what it can estimate.`,
      ...messages,
    ],
  };
}

function wordsOf(
  kind: DesignKind,
  { standard, type, repeats, moved }: DesignRun,
  runs: readonly DesignRun[],
): string {
  const place = `Run ${standard} of ${runs.length} of a ${kind} design (${type} point), in random order`;
  const repeat = repeats === undefined ? "" : "; it repeats another on purpose, so that the scatter is known";
  return `${place}${repeat}${moved ? "; constraints moved it to the nearest allowed settings" : ""}.`;
}

function alreadyBegun(kind: DesignKind, runs: number): CellwrightError {
  const problem = {
    where: "design",
    found: `a ${kind} design, and ${runs} run${runs === 1 ? "" : "s"} of the campaign`,
    expected: "a campaign without runs",
    remedy:
      "Leave the design out: suggestions go on from the runs that are there. Or add runs to them: cellwright design --kind d-optimal --augment.",
  };
  return new CellwrightError("INVALID_OPTION", "The first runs cannot be designed.", { problems: [problem] });
}

function fixedCount(kind: DesignKind, count: number): CellwrightError {
  const problem = {
    where: "count",
    found: String(count),
    expected: `no number of runs: a ${kind} design has as many as its parameters ask`,
    remedy: `Leave the count out, or take one of ${OPEN_KINDS.join(", ")}.`,
  };
  return new CellwrightError("INVALID_OPTION", "The first runs cannot be designed.", { problems: [problem] });
}
