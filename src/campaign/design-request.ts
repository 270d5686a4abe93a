import type { ModelOrder } from "../designs/model-terms.js";
import { BOX_BEHNKEN_FACTORS } from "../designs/response-surface-designs.js";
import { MOST_BASIC } from "../designs/two-level.js";
import { CellwrightError, type Problem } from "../errors.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";

/** Designs that engineers know. */
export const DESIGN_KINDS = [
  "lhs",
  "sobol",
  "factorial",
  "fractional",
  "ccd",
  "box-behnken",
  "d-optimal",
] as const;
export type DesignKind = (typeof DESIGN_KINDS)[number];

export interface DesignOptions {
  readonly kind: DesignKind;
  /** Runs besides centre points, where the kind leaves their number open. */
  readonly runs?: number;
  /** Centre points; default 4 of `ccd`, 3 of `box-behnken`, else 0. */
  readonly center?: number;
  /** Blocks such as coils or shifts; default 1. */
  readonly blocks?: number;
  /** Levels of every number in a full factorial; default 2. */
  readonly levels?: number;
  /** Least resolution of a fraction whose `runs` are not stated; default 4. */
  readonly resolution?: number;
  /** Where a central composite design has its axial points; default `rotatable`. */
  readonly axial?: "rotatable" | "face";
  /** Terms that the runs shall tell; default as the kind was made for. */
  readonly model?: ModelOrder;
  /** D-optimal: adds to completed and pending runs instead of starting anew. */
  readonly augment?: boolean;
  /** Of scatter and run order; default 1. */
  readonly seed?: number;
  /** Parameters that are not varied. */
  readonly fix?: Settings;
  /** The state for which the runs are planned, as `ask` takes it. */
  readonly context?: Settings;
}

/** Most rows of a design (assumption: more are not run by hand). */
export const MOST_DESIGN_RUNS = 512;
/** Most levels of a full factorial. */
const MOST_LEVELS = 20;
/** Most factors of a fraction: words are sets of bits. */
const MOST_TWO_LEVEL = 24;

/** @throws CellwrightError INVALID_OPTION with every problem of the request. */
export function checkDesignOptions(options: DesignOptions, set: FeasibleSet): void {
  const { kind } = options;
  const problems: Problem[] = [
    ...wholeNumber("runs", options.runs, 1, MOST_DESIGN_RUNS),
    ...wholeNumber("center", options.center, 0, MOST_DESIGN_RUNS),
    ...wholeNumber("blocks", options.blocks, 1, MOST_DESIGN_RUNS),
    ...wholeNumber("levels", options.levels, 2, MOST_LEVELS),
    ...wholeNumber("resolution", options.resolution, 3, MOST_TWO_LEVEL),
    ...wholeNumber("seed", options.seed, 0, Number.MAX_SAFE_INTEGER),
    ...unused("runs", options.runs, kind, ["lhs", "sobol", "d-optimal", "fractional"]),
    ...unused("levels", options.levels, kind, ["factorial"]),
    ...unused("resolution", options.resolution, kind, ["fractional"]),
    ...unused("axial", options.axial, kind, ["ccd"]),
    ...unused("augment", options.augment, kind, ["d-optimal"]),
    ...factorProblems(kind, set),
  ];
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", `A ${kind} design cannot be made so.`, { problems });
}

function wholeNumber(where: string, value: number | undefined, least: number, most: number): Problem[] {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)) return [];
  return [{ where, found: String(value), expected: `a whole number from ${least} to ${most}` }];
}

function unused(
  where: string,
  value: string | number | boolean | undefined,
  kind: DesignKind,
  kinds: readonly DesignKind[],
): Problem[] {
  if (value === undefined || value === false || kinds.includes(kind)) return [];
  const expected = `${where} with ${kinds.join(", ")} alone`;
  return [{ where, found: String(value), expected, remedy: `Leave ${where} out.` }];
}

/** What the free parameters must be for a kind. */
function factorProblems(kind: DesignKind, { free, space }: FeasibleSet): Problem[] {
  const columns = free.map((j) => space.columns[j]!);
  const where = "parameters";
  if (columns.length === 0)
    return [{ where, found: "none that is free", expected: "a parameter to vary", remedy: "Fix fewer." }];
  const choices = columns.filter((column) => column.kind === "categorical");
  const remedy = "Hold them with --fix, or take a d-optimal design.";
  if ((kind === "ccd" || kind === "box-behnken") && choices.length > 0) {
    const found = `choices of ${choices.map(({ name }) => name).join(", ")}`;
    return [{ where, found, expected: "numbers alone", remedy }];
  }
  const found = `${columns.length} free ones`;
  if (kind === "box-behnken" && !BOX_BEHNKEN_FACTORS.includes(columns.length))
    return [{ where, found, expected: "3 to 7 numbers", remedy: "Take a ccd or d-optimal design." }];
  if (kind === "ccd" && (columns.length < 2 || columns.length > MOST_BASIC))
    return [{ where, found, expected: `2 to ${MOST_BASIC} numbers`, remedy }];
  if (kind !== "fractional") return [];
  const many = choices.filter(({ levels }) => levels!.count > 2);
  if (many.length > 0) {
    const names = many.map(({ name }) => name).join(", ");
    return [{ where, found: `more than two choices of ${names}`, expected: "two levels each", remedy }];
  }
  return columns.length <= MOST_TWO_LEVEL
    ? []
    : [{ where, found, expected: `at most ${MOST_TWO_LEVEL}`, remedy }];
}
