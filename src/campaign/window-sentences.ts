import { formatNumber } from "./format-number.js";
import type {
  BestSetting,
  ProcessWindow,
  UncoveredSpecification,
  WindowBox,
  WindowLimits,
} from "./window-answer.js";

/** A probability in percent, without decimals that would say more than is known. */
export function percent(p: number): string {
  if (p > 0.995) return p >= 0.9995 ? "99.9 % or more" : `${(100 * p).toFixed(1)} %`;
  return p < 0.1 ? `${Number((100 * p).toPrecision(2))} %` : `${(100 * p).toFixed(0)} %`;
}

/** Limits in words: `28 to 36 %`, `at least 600 kPa`. */
export function limitsInWords({ min, max, unit }: WindowLimits): string {
  const shown = unit === "" || unit === "1" ? "" : ` ${unit}`;
  if (min !== undefined && max !== undefined) return `${formatNumber(min)} to ${formatNumber(max)}${shown}`;
  return min === undefined
    ? `at most ${formatNumber(max!)}${shown}`
    : `at least ${formatNumber(min)}${shown}`;
}

const named = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;

/** What the window promises, and what it does not. */
export function boxReasons(
  box: WindowBox,
  answer: Pick<ProcessWindow, "probability" | "covers" | "next" | "widening">,
): string[] {
  const { certificate, sides } = box;
  const stated = percent(answer.probability);
  return [
    `As far as the models know, ${named(answer.covers.map(({ outcome, ...l }) => `${outcome} (${limitsInWords({ outcome, ...l })})`))} ${answer.covers.length === 1 ? "holds its specification" : "hold their specifications together"} everywhere in the box${sides.some(({ tolerance }) => tolerance > 0) ? " and its tolerances" : ""} with at least ${stated} probability.`,
    `Certified on draws that the box was not chosen on: ${percent(certificate.share)} of ${certificate.draws} joint draws keep it at all of ${certificate.points} points; ${(100 * certificate.lower).toFixed(1)} % is the lower bound of that share. It is the largest that passed of ${certificate.mostTries} boxes tried, which share the error of 5 %.`,
    `At the centre ${percent(box.yield.median)} of runs are in specification (${yieldRange(box.yield.interval95)}), run-to-run noise${sides.some(({ tolerance }) => tolerance > 0) ? " and tolerance" : ""} counted; a next run there is so with probability ${percent(box.yield.mean)}, all draws counted.`,
    ...stops(box),
    ...(sides.every(({ tolerance }) => tolerance === 0)
      ? [
          "No setting states a tolerance: the box holds for settings that are met exactly. Add tolerance to the parameters.",
        ]
      : []),
    ...wideningSentence(answer),
  ];
}

function yieldRange(interval: readonly [number, number]): string {
  const [low, high] = interval.map(percent);
  return low === high ? "in 95 % of draws too" : `95 % of draws: ${low} to ${high}`;
}

function stops({ sides }: WindowBox): string[] {
  const by = new Map<string, string[]>();
  for (const { parameter, below, above } of sides) {
    for (const [stop, where] of [
      [below, `lower ${parameter}`],
      [above, `higher ${parameter}`],
    ] as const)
      if (stop !== "fixed") by.set(stop, [...(by.get(stop) ?? []), where]);
  }
  return [...by].map(([stop, where]) =>
    stop === "bound"
      ? `The bounds of the campaign end the box towards ${named(where)}.`
      : stop === "constraint"
        ? `A constraint ends the box towards ${named(where)}.`
        : `${stop} ends the box towards ${named(where)}.`,
  );
}

function wideningSentence({ next, widening }: Pick<ProcessWindow, "next" | "widening">): string[] {
  if (widening === null || next.length === 0) return [];
  const runs = `${next.length === 1 ? "the run" : `the ${next.length} runs`} below`;
  return widening >= 0.005
    ? [`If ${runs} came out as predicted, the box would be about ${percent(widening)} larger.`]
    : [`Even if ${runs} came out as predicted, the box would hardly be larger: what ends it is known.`];
}

/** Why there is no box, and what would help. */
export function noBoxReasons(
  best: BestSetting | null,
  { probability, covers }: Pick<ProcessWindow, "probability" | "covers">,
  more: {
    readonly withoutTolerance: number;
    readonly meanInside: boolean;
    readonly toleranceStated: boolean;
  },
): string[] {
  if (covers.length === 0)
    return [
      "No window can be certified: no specification is judged by a model that predicts unseen settings.",
    ];
  if (best === null || best.limiting === null)
    return ["No window: the constraints leave no setting that could be held within its tolerance."];
  const lead =
    best.probability >= probability
      ? `No box could be certified. The surest setting that was found keeps ${named(covers.map(({ outcome }) => outcome))} with ${percent(best.probability)} probability as far as the models know, but what they cannot know of themselves leaves no room round it; ${best.limiting} limits it.`
      : `No window: nowhere ${covers.length === 1 ? "does" : "do"} ${named(covers.map(({ outcome }) => outcome))} hold with ${percent(probability)} probability. The best setting that was found reaches ${percent(best.probability)}; ${best.limiting} limits it (${percent(best.each[best.limiting]!)} alone).`;
  const help: string[] = [];
  if (more.toleranceStated && more.withoutTolerance > best.probability + 0.02)
    help.push(
      `Holding the settings tighter would help: met exactly, it reaches ${percent(more.withoutTolerance)}.`,
    );
  help.push(
    more.meanInside
      ? "The prediction itself is in specification there: runs at and round that setting would make it surer."
      : `The prediction itself is out of specification there: more runs alone will hardly help; widen the specification of ${best.limiting}, the bounds, or what is varied.`,
  );
  return [lead, ...help];
}

/** Specifications of which the window says nothing. */
export function uncoveredWarnings(uncovered: readonly UncoveredSpecification[]): string[] {
  return uncovered.map(({ outcome, baseRate }) =>
    baseRate === null
      ? `The window does not speak for ${outcome}: it was measured too rarely.`
      : `The window does not speak for ${outcome}: it cannot be predicted from these settings. ${baseRate.passed} of ${baseRate.of} past conditions kept its specification (95 % interval ${percent(baseRate.interval95[0])} to ${percent(baseRate.interval95[1])}), whatever the settings.`,
  );
}
