import { CellwrightError, type Problem } from "../errors.js";
import type { RadialKernelName } from "../kernels/kernel.js";
import { isSmooth } from "../kernels/slope-covariance.js";
import type { InputDimension } from "./surrogate.js";

/** What is known about an outcome before data: it never falls, or never rises, as one input grows. */
export interface MonotoneDirection {
  /** Name of a continuous input. */
  readonly input: string;
  readonly direction: "increasing" | "decreasing";
}

/** Most distinct settings of a fit with directions: derivatives join the settings in every factorisation. */
export const MOST_MONOTONE_SETTINGS = 500;

/**
 * Checks directions against the inputs and the kernel.
 *
 * @throws CellwrightError INVALID_OPTION with everything that is wrong; TOO_MANY_ROWS beyond 500 distinct settings
 */
export function checkDirections(
  directions: readonly MonotoneDirection[],
  inputs: readonly InputDimension[],
  kernel: RadialKernelName,
  settings: number,
): void {
  const problems = directions.flatMap((one, i) => directionProblems(directions, one, i, inputs));
  if (!isSmooth(kernel)) {
    problems.push({
      where: "kernel",
      found: kernel,
      expected: "matern-5/2 or rbf",
      remedy: "A sign of the derivative holds nowhere but at its point under a rougher kernel.",
    });
  }
  if (problems.length > 0) {
    throw new CellwrightError("INVALID_OPTION", "The directions in monotone cannot be imposed.", {
      problems,
    });
  }
  if (settings <= MOST_MONOTONE_SETTINGS) return;
  throw new CellwrightError(
    "TOO_MANY_ROWS",
    `A fit with monotone directions takes up to ${MOST_MONOTONE_SETTINGS} distinct settings, found ${settings}: leave out monotone, since so many settings show the direction themselves.`,
    { details: { settings, most: MOST_MONOTONE_SETTINGS } },
  );
}

function directionProblems(
  directions: readonly MonotoneDirection[],
  { input, direction }: MonotoneDirection,
  i: number,
  inputs: readonly InputDimension[],
): Problem[] {
  const problems: Problem[] = [];
  const where = `monotone[${i}]`;
  const known = inputs.find(({ name }) => name === input);
  const continuous = inputs.filter(({ kind }) => kind === "continuous").map(({ name }) => name);
  if (known?.kind !== "continuous") {
    problems.push({
      where: `${where}.input`,
      found: known === undefined ? input : `${input}, which is categorical`,
      expected: continuous.join(", ") || "a continuous input, of which there is none",
    });
  }
  if (directions.findIndex((other) => other.input === input) < i)
    problems.push({ where: `${where}.input`, found: `${input} again`, expected: "each input once" });
  // Options also come from files that no compiler has seen.
  if (!(["increasing", "decreasing"] as readonly unknown[]).includes(direction))
    problems.push({
      where: `${where}.direction`,
      found: direction,
      expected: "increasing or decreasing",
    });
  return problems;
}

/** `increasing in line_load` */
export function directionWords({ input, direction }: MonotoneDirection): string {
  return `${direction} in ${input}`;
}
