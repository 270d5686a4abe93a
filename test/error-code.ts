import { CellwrightError } from "../src/errors.js";

/** The code of the error that an action ends with; `none` where it ends well. */
export function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof CellwrightError) return error.code;
    throw error;
  }
  return "none";
}
