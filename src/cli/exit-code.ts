import type { ErrorCode } from "../errors.js";

/** 0 done; 1 a fault of ours; 2 the user's input is wrong; 3 nothing to do or not promoted; 4 another run holds the lock. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;

/** Exit code of each error; a new code does not compile until it stands here. */
export const EXIT_CODE = {
  SHAPE_MISMATCH: 1,
  INVALID_OPTION: 2,
  NON_FINITE: 2,
  NOT_POSITIVE_DEFINITE: 1,
  CAMPAIGN_INVALID: 2,
  DATA_INVALID: 2,
  UNIT_UNKNOWN: 2,
  UNIT_INCOMPATIBLE: 2,
  EXPRESSION_INVALID: 2,
  SPACE_UNSATISFIABLE: 2,
  TOO_MANY_ROWS: 2,
  TRIAL_UNKNOWN: 2,
  TRIAL_CONFLICT: 2,
  MODEL_NOT_FOUND: 2,
  MODEL_INVALID: 2,
  DATASET_UNKNOWN: 2,
  CHECKSUM_MISMATCH: 2,
  FILE_UNREADABLE: 2,
  FILE_UNWRITABLE: 2,
  STORE_INVALID: 2,
  LOCK_HELD: 4,
  NOTHING_TO_DO: 3,
  CANCELLED: 130,
  USAGE: 2,
  INTERNAL: 1,
} as const satisfies Record<ErrorCode, ExitCode>;
