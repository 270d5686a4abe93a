import type { Factor } from "../designs/model-terms.js";
import { aliasesOf, type TwoLevelFraction, type Word } from "../designs/two-level.js";

/** A two-level fraction in the campaign's names. */
export interface FractionWords {
  /** Null for a full factorial: nothing is aliased. */
  readonly resolution: number | null;
  /** `e = a·b·c`, one for each generated factor. */
  readonly generators: readonly string[];
  /** Products that equal 1. */
  readonly defining: readonly string[];
  /** Main effects and products of two that cannot be told apart: `a = b·c`. */
  readonly aliasChains: readonly string[];
}

/** Defining words that are listed; a small fraction of many factors has thousands. */
const MOST_WORDS = 64;

/** Generators, defining relation and aliases up to two factors. */
export function fractionWords(fraction: TwoLevelFraction, factors: readonly Factor[]): FractionWords {
  const named = (word: Word): string =>
    factors
      .filter((_, k) => ((word >> k) & 1) === 1)
      .map(({ name }) => name)
      .join("·");
  return {
    resolution: fraction.resolution === Infinity ? null : fraction.resolution,
    generators: fraction.generators.map((word, k) => `${factors[fraction.basic + k]!.name} = ${named(word)}`),
    defining: fraction.defining.slice(0, MOST_WORDS).map(named),
    aliasChains: chains(fraction).map((words) => words.map(named).join(" = ")),
  };
}

function chains(fraction: TwoLevelFraction): Word[][] {
  const k = fraction.factors;
  const mains = Array.from({ length: k }, (_, i) => 1 << i);
  const pairs = mains.flatMap((a, i) => mains.slice(i + 1).map((b) => a | b));
  const told = new Set<Word>();
  return [...mains, ...pairs].flatMap((word) => {
    if (told.has(word)) return [];
    const others = aliasesOf(fraction, word, 2);
    for (const one of others) told.add(one);
    return others.length === 0 ? [] : [[word, ...others]];
  });
}
