import type { Problem } from "../errors.js";
import { compatible, convert, isKnownUnit } from "../units.js";
import type { Campaign, Outcome } from "./campaign.js";
import { spellingRemedy } from "./spelling.js";
import type { Observation, Trial } from "./trial.js";

/** An outcome that is known only after many hours on a channel, and what tells of it before. */
export interface MaturingOutcome {
  /** Hours on a channel until each early signal is known, by the name of its outcome. */
  readonly signals: Readonly<Record<string, number>>;
  /** Hours on a channel until the outcome itself is known. */
  readonly hours: number;
  /** Outcome, in a unit of time, that holds how long a running cell has been on its channel. */
  readonly elapsed?: string;
  /** Whether early signals count; default `auto`: where they predict left-out results clearly better. */
  readonly use?: "auto" | "always" | "never";
}

/** An outcome that matures, with what tells of it. */
export type Maturing = Outcome & { readonly matures: MaturingOutcome };

export function isMaturing(outcome: Outcome): outcome is Maturing {
  return outcome.matures !== undefined;
}

export function maturingOutcomes(outcomes: readonly Outcome[]): readonly Maturing[] {
  return outcomes.filter(isMaturing);
}

/**
 * What is wrong with outcomes that mature: every problem of each.
 *
 * @param broken - Outcomes whose own entry has a problem already, and of which nothing more is said.
 */
export function maturingProblems(outcomes: readonly Outcome[], broken: ReadonlySet<string>): Problem[] {
  return maturingOutcomes(outcomes).flatMap((outcome) => {
    const at = `outcomes.${outcome.name}.matures`;
    const signals = Object.entries(outcome.matures.signals);
    const problems = signals.flatMap(([name, hours]) =>
      signalProblems(outcome, outcomes, broken, name, hours),
    );
    if (signals.length === 0)
      problems.push({ where: `${at}.signals`, found: "no signal", expected: "at least one early outcome" });
    if (outcome.formula !== undefined)
      problems.push({
        where: at,
        found: "a computed outcome",
        expected: "a measured one",
        remedy: "Let the outcome that it is computed from mature.",
      });
    if (outcome.matures.use === "always" && outcome.surrogate !== undefined)
      problems.push({
        where: `${at}.use`,
        found: "always beside surrogate",
        expected: "one of the two",
        remedy: "Remove surrogate, or use: always.",
      });
    return [...problems, ...elapsedProblems(outcome, outcomes, broken)];
  });
}

function signalProblems(
  { name, matures }: Maturing,
  outcomes: readonly Outcome[],
  broken: ReadonlySet<string>,
  signal: string,
  hours: number,
): Problem[] {
  const where = `outcomes.${name}.matures.signals.${signal}`;
  if (broken.has(signal)) return [];
  const found = outcomes.find((outcome) => outcome.name === signal);
  if (found === undefined || signal === name) {
    const others = outcomes.filter((outcome) => outcome.name !== name).map((outcome) => outcome.name);
    return [{ where, found: signal, expected: "another outcome", remedy: spellingRemedy(signal, others) }];
  }
  const problems: Problem[] = [];
  if (found.formula?.known === true || found.composite === true)
    problems.push({
      where,
      found: "an outcome that is computed from settings",
      expected: "a measured outcome",
    });
  if (!(hours < matures.hours))
    problems.push({
      where,
      found: `${hours} h`,
      expected: `less than the ${matures.hours} h until ${name} itself is known`,
    });
  if (found.matures !== undefined && Object.hasOwn(found.matures.signals, name))
    problems.push({
      where,
      found: `${signal}, of which ${name} is a signal`,
      expected: "an earlier outcome",
    });
  return problems;
}

function elapsedProblems(
  { name, matures: { elapsed, signals } }: Maturing,
  outcomes: readonly Outcome[],
  broken: ReadonlySet<string>,
): Problem[] {
  if (elapsed === undefined || broken.has(elapsed)) return [];
  const where = `outcomes.${name}.matures.elapsed`;
  const found = outcomes.find((outcome) => outcome.name === elapsed);
  if (found === undefined || elapsed === name || Object.hasOwn(signals, elapsed)) {
    const times = outcomes.filter(({ unit }) => isKnownUnit(unit) && compatible(unit, "h"));
    const remedy = spellingRemedy(
      elapsed,
      times.map((outcome) => outcome.name),
    );
    return [{ where, found: elapsed, expected: "an outcome of its own, such as test_hours", remedy }];
  }
  if (isKnownUnit(found.unit) && compatible(found.unit, "h") && found.formula === undefined) return [];
  return [{ where, found: `${elapsed} in ${found.unit}`, expected: "a measured outcome in a unit of time" }];
}

/** Outcomes that only count the hours of running cells: clocks, of which nothing is learned. */
export function isClock({ outcomes }: Pick<Campaign, "outcomes">, name: string): boolean {
  return maturingOutcomes(outcomes).some(({ matures }) => matures.elapsed === name);
}

/**
 * Whether these results leave a cell running: they are early signals and clocks alone, and an outcome that they tell of
 * is not there.
 */
export function isStillMaturing(
  { outcomes }: Pick<Campaign, "outcomes">,
  observations: Readonly<Record<string, Observation>>,
): boolean {
  const awaited = maturingOutcomes(outcomes).filter(({ name }) => observations[name] === undefined);
  const early = new Set(
    awaited.flatMap(({ matures: { signals, elapsed } }) => [
      ...Object.keys(signals),
      ...(elapsed === undefined ? [] : [elapsed]),
    ]),
  );
  const measured = outcomes.filter(
    ({ name, formula }) => observations[name] !== undefined && formula === undefined,
  );
  return measured.length > 0 && measured.every(({ name }) => early.has(name));
}

/** Running trials that lack an outcome which matures. */
export function runningToMaturity({ outcomes, trials }: Campaign): readonly Trial[] {
  const maturing = maturingOutcomes(outcomes);
  return trials.filter(
    ({ status, observations }) =>
      status === "running" && maturing.some(({ name }) => observations[name] === undefined),
  );
}

/** Hours that a cell has been on its channel: what its clock says, else those of the latest signal that it has. */
export function hoursSoFar(
  { outcomes }: Pick<Campaign, "outcomes">,
  matures: MaturingOutcome,
  trial: Trial,
): number {
  const clock = outcomes.find(({ name }) => name === matures.elapsed);
  const told = clock === undefined ? undefined : trial.observations[clock.name];
  if (clock !== undefined && told !== undefined) return convert(told.value, clock.unit, "h");
  return Object.entries(matures.signals)
    .filter(([name]) => trial.observations[name] !== undefined)
    .reduce((latest, [, hours]) => Math.max(latest, hours), 0);
}
