/** Everything that can go wrong on purpose. A new code fails compilation in each surface until it is mapped. */
export type ErrorCode =
  | "SHAPE_MISMATCH"
  | "INVALID_OPTION"
  | "NON_FINITE"
  | "NOT_POSITIVE_DEFINITE"
  | "CAMPAIGN_INVALID"
  | "DATA_INVALID"
  | "UNIT_UNKNOWN"
  | "UNIT_INCOMPATIBLE"
  | "EXPRESSION_INVALID"
  | "SPACE_UNSATISFIABLE"
  | "TOO_MANY_ROWS"
  | "TRIAL_UNKNOWN"
  | "TRIAL_CONFLICT"
  | "MODEL_NOT_FOUND"
  | "MODEL_INVALID"
  | "DATASET_UNKNOWN"
  | "CHECKSUM_MISMATCH"
  | "FILE_UNREADABLE"
  | "FILE_UNWRITABLE"
  | "STORE_INVALID"
  | "LOCK_HELD"
  | "NOTHING_TO_DO"
  | "CANCELLED"
  | "USAGE"
  | "INTERNAL";

/** One thing that is wrong in the user's input, with the way to mend it. */
export interface Problem {
  /** Where: `parameters.line_load.max`, or `line 12, column porosity`. */
  readonly where: string;
  /** What was found there. */
  readonly found: string;
  /** What was expected. */
  readonly expected: string;
  /** What the user can do about it. */
  readonly remedy?: string;
}

export interface CellwrightErrorOptions {
  readonly problems?: readonly Problem[];
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error class: a closed code, a message that says where, what and how to mend it, and every problem found. */
export class CellwrightError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: CellwrightErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CellwrightError";
    this.code = code;
    this.problems = options.problems ?? [];
    this.details = options.details ?? {};
  }
}

/** Prints a problem on one line: where, what was found, what was expected, what to do. */
export function formatProblem(problem: Problem): string {
  const remedy = problem.remedy === undefined ? "" : ` ${problem.remedy}`;
  return `${problem.where}: found ${problem.found}, expected ${problem.expected}.${remedy}`;
}
