import type { Problem } from "../errors.js";
import type { ColumnTarget } from "./match-columns.js";

/** Sees every number of a column as the file has it, and says whether per cent and fractions were mistaken. */
interface ShareCheck {
  see(raw: number): void;
  problems(): readonly Problem[];
  messages(): readonly string[];
}

/** A share of 200 % and more in every row is taken for per cent in a column of fractions (assumption). */
const LARGE_FRACTION = 2;

/**
 * Watches a column that is expected in per cent. Where its header does not state the unit, nothing above 1 means
 * fractions, and is refused; where the header says `[%]`, it is only doubted: a moisture may be 0.4 %. Where the header
 * says `[1]`, nothing below 2 means per cent.
 *
 * @param doubtStated - Spreadsheets show 0.35 as 35 %: there a stated per cent is refused, too.
 */
export function createShareCheck(target: ColumnTarget, doubtStated: boolean): ShareCheck {
  let positive = 0;
  let aboveOne = 0;
  let small = 0;
  const watched = isWatched(target);
  const onlyFractions = (): boolean => watched && positive > 0 && aboveOne === 0;
  const inPercent = target.convert === null;
  const refused = inPercent && (!target.unitStated || doubtStated);
  return {
    see(raw) {
      if (raw > 0) positive += 1;
      if (!(raw >= 0 && raw <= 1)) aboveOne += 1;
      if (raw !== 0 && Math.abs(raw) < LARGE_FRACTION) small += 1;
    },
    problems() {
      if (onlyFractions() && refused) return [fractionsProblem(target)];
      const onlyPercent = watched && positive > 0 && small === 0 && target.convert?.(1) === 100;
      return onlyPercent ? [percentProblem(target.expectation.name)] : [];
    },
    messages: () =>
      onlyFractions() && inPercent && !refused
        ? [
            `Column ${target.expectation.name} [%] holds only values between 0 and 1. If they are fractions, write its header as ${target.expectation.name} [1].`,
          ]
        : [],
  };
}

function isWatched({ expectation, unit }: ColumnTarget): boolean {
  const { role, maximum } = expectation;
  const isMeasured = role !== "metadata" && role !== "id" && role !== "group";
  return unit === "%" && isMeasured && !(maximum !== undefined && maximum <= 1);
}

function fractionsProblem({ expectation: { name }, unitStated }: ColumnTarget): Problem {
  const remedy = unitStated
    ? `Cells formatted as percentages hold fractions: write the header as ${name} [1], or format the cells as plain numbers.`
    : `Write the header as ${name} [1] for fractions, or ${name} [%] for per cent.`;
  return {
    where: `column ${name}`,
    found: "only values between 0 and 1",
    expected: "per cent, not fractions",
    remedy,
  };
}

function percentProblem(name: string): Problem {
  return {
    where: `column ${name}`,
    found: `only values of ${LARGE_FRACTION} and more in the unit 1`,
    expected: "fractions such as 0.3",
    remedy: `Write the header as ${name} [%] if these are per cent.`,
  };
}
