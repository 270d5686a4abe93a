import { CellwrightError, type Problem } from "../errors.js";
import type { ConstraintSpec } from "../space/constraint.js";
import type { Parameter } from "../space/parameter.js";
import { createSearchSpace, type SearchSpace } from "../space/search-space.js";
import { type Campaign, contextRanges } from "./campaign.js";
import { spellingRemedy } from "./spelling.js";
import type { TodaysSettings } from "./todays-settings.js";

/** Digits of a limit, so that 0.1 + 0.2 is 0.3. */
const DIGITS = 12;

/**
 * The space of a request in which no parameter moves farther from today's setting than its `max_move`: a constraint
 * beside the others, so that a conflict names it. The campaign's own space where nothing limits a move.
 *
 * @param requested - Largest moves of this request, in the parameters' units; they replace the file's.
 * @throws CellwrightError INVALID_OPTION with every unknown name, impossible amount, and parameter whose setting of today
 *   nothing tells.
 */
export function withMoveLimits(
  campaign: Campaign,
  today: TodaysSettings | null,
  requested: Readonly<Record<string, number>> = {},
): SearchSpace {
  const { parameters } = campaign.space;
  const problems = nameProblems(parameters, requested);
  const limits = parameters.flatMap((parameter): ConstraintSpec[] => {
    const move =
      requested[parameter.name] ?? (parameter.kind === "categorical" ? undefined : parameter.maxMove);
    if (move === undefined) return [];
    const problem = moveProblem(parameter, move, today);
    if (problem !== null) problems.push(problem);
    return problem === null ? moveLimits(parameter, move, Number(today?.parameters[parameter.name])) : [];
  });
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "The largest moves cannot be used.", { problems });
  if (limits.length === 0) return campaign.space;
  const { context } = campaign.space;
  return createSearchSpace({
    ...{ parameters, context, constraints: [...campaign.constraints, ...limits] },
    contextRanges: contextRanges(context, campaign.trials),
  });
}

function nameProblems(
  parameters: readonly Parameter[],
  requested: Readonly<Record<string, number>>,
): Problem[] {
  const names = parameters.map(({ name }) => name);
  return Object.keys(requested)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      where: `max_move ${name}`,
      found: `the unknown parameter ${name}`,
      expected: "a parameter of the campaign",
      remedy: spellingRemedy(name, names),
    }));
}

function moveProblem(parameter: Parameter, move: number, today: TodaysSettings | null): Problem | null {
  const where = `max_move ${parameter.name}`;
  if (parameter.kind === "categorical")
    return {
      where,
      found: "a parameter with choices",
      expected: "a number",
      remedy: "Fix it instead: --fix.",
    };
  if (!(move >= 0 && Number.isFinite(move)))
    return { where, found: String(move), expected: `an amount of at least 0 in ${parameter.unit}` };
  if (typeof today?.parameters[parameter.name] === "number") return null;
  return {
    where,
    found: "no setting of today",
    expected: "a setting from which the move is counted",
    remedy: `State it: --from ${parameter.name}=…`,
  };
}

function moveLimits({ name, unit }: Parameter, move: number, from: number): ConstraintSpec[] {
  const shown = unit === "1" ? "" : ` ${unit}`;
  const more = {
    name: `max_move ${name}`,
    where: `max_move ${name}`,
    reason: `at most ${move}${shown} from today's ${from}${shown}`,
  };
  const at = (value: number): string => String(Number(value.toPrecision(DIGITS)));
  return [
    { source: `${name} >= ${at(from - move)}`, ...more },
    { source: `${name} <= ${at(from + move)}`, ...more },
  ];
}
