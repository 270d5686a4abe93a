import { expect } from "vitest";
import { CellwrightError, type ErrorCode, type Problem } from "../../src/errors.js";

/** Runs work that must fail with a Cellwright error, and returns that error. */
export function errorOf(work: () => unknown, code: ErrorCode): CellwrightError {
  let error: unknown;
  try {
    work();
  } catch (caught) {
    error = caught;
  }
  return checked(error, code);
}

/** Waits for work that must fail with a Cellwright error, and returns that error. */
export async function rejectionOf(work: Promise<unknown>, code: ErrorCode): Promise<CellwrightError> {
  const error: unknown = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return checked(error, code);
}

function checked(error: unknown, code: ErrorCode): CellwrightError {
  expect(error).toBeInstanceOf(CellwrightError);
  expect((error as CellwrightError).code).toBe(code);
  return error as CellwrightError;
}

/** `where` and `found` of each problem: what most tests compare. */
export function seen(problems: readonly Problem[]): readonly (readonly [string, string])[] {
  return problems.map(({ where, found }) => [where, found]);
}
