/** A product of factors as a set of bits: bit i is factor i, 0 the constant. */
export type Word = number;

/** A two-level fraction: 2^(factors − generated) runs of −1 and 1. */
export interface TwoLevelFraction {
  readonly factors: number;
  /** Factors that vary freely; the others are products of them. */
  readonly basic: number;
  /** For each generated factor (basic, basic + 1, …) the product of basic factors that it equals. */
  readonly generators: readonly Word[];
  /** All products that equal 1 in the fraction, without the constant, ascending. */
  readonly defining: readonly Word[];
  /** Length of the shortest defining word; Infinity for a full factorial. */
  readonly resolution: number;
}

/** Partial fractions that are kept while generators are added one at a time (assumption: finds every tabled resolution). */
const BEAM = 24;
/** Most basic factors: 1,024 runs. */
export const MOST_BASIC = 10;

/** Number of factors in a word. */
export function wordLength(word: Word): number {
  let [bits, count] = [word, 0];
  while (bits !== 0) {
    count += bits & 1;
    bits >>>= 1;
  }
  return count;
}

/** How many defining words have each length, [factors + 1]: the shorter and the more of them, the worse. */
function lengthPattern(words: readonly Word[], factors: number): number[] {
  const counts = new Array<number>(factors + 1).fill(0);
  for (const word of words) counts[wordLength(word)]!++;
  return counts;
}

/** Below 0 where the first pattern has less aberration: fewer of the shortest words. */
function compareAberration(a: readonly number[], b: readonly number[]): number {
  for (let k = 1; k < a.length; k++) if (a[k] !== b[k]) return a[k]! - b[k]!;
  return 0;
}

interface Partial {
  readonly generators: readonly Word[];
  readonly defining: readonly Word[];
  readonly pattern: readonly number[];
}

/**
 * The two-level fraction of least aberration that a search over generators finds: highest resolution first, then the
 * fewest shortest words.
 *
 * @param factors - 1 … 31.
 * @param basic - Factors that vary freely: 2^basic runs; factors ≤ 2^basic − 1.
 * @see Fries & Hunter (1980), Technometrics 22(4), for minimum aberration; Box, Hunter & Hunter (2005), Statistics for
 *   Experimenters, chapter 6
 */
export function twoLevelFraction(factors: number, basic: number): TwoLevelFraction {
  const products = Array.from({ length: 1 << basic }, (_, word) => word).filter((w) => wordLength(w) > 1);
  // Products of odd length make every defining word even: resolution IV wherever that is possible.
  const odd = products.filter((word) => wordLength(word) % 2 === 1);
  const found = [bestPartial(factors, basic, products), bestPartial(factors, basic, odd)]
    .filter((one) => one !== undefined)
    .reduce((a, b) => (compareAberration(b.pattern, a.pattern) < 0 ? b : a));
  const { generators, defining } = found;
  const resolution = defining.reduce((least, word) => Math.min(least, wordLength(word)), Infinity);
  return { factors, basic, generators, defining: defining.toSorted((a, b) => a - b), resolution };
}

/** Adds one generator after another to the partial fractions of least aberration; undefined where products run out. */
function bestPartial(factors: number, basic: number, products: readonly Word[]): Partial | undefined {
  let kept: readonly Partial[] = [{ generators: [], defining: [], pattern: lengthPattern([], factors) }];
  for (let factor = basic; factor < factors; factor++) {
    const next = new Map<string, Partial>();
    for (const one of kept)
      for (const generator of products) {
        if (one.generators.includes(generator)) continue;
        const generators = [...one.generators, generator];
        const key = generators.toSorted((a, b) => a - b).join(" "); // the order of generators is no matter
        if (!next.has(key)) next.set(key, extended(one, generators, generator | (1 << factor), factors));
      }
    kept = [...next.values()].sort((a, b) => compareAberration(a.pattern, b.pattern)).slice(0, BEAM);
  }
  return kept[0];
}

function extended(one: Partial, generators: readonly Word[], word: Word, factors: number): Partial {
  const defining = [...one.defining, word, ...one.defining.map((other) => other ^ word)];
  return { generators, defining, pattern: lengthPattern(defining, factors) };
}

/** The runs of a fraction in standard order, the first factor fastest; −1 and 1. */
export function fractionRuns({ basic, generators }: TwoLevelFraction): Float64Array[] {
  return Array.from({ length: 1 << basic }, (_, run) => {
    const levels = Array.from({ length: basic }, (_, i): number => ((run >> i) & 1 ? 1 : -1));
    const product = (word: Word): number =>
      levels.reduce((sign, level, i) => ((word >> i) & 1 ? sign * level : sign), 1);
    return Float64Array.from([...levels, ...generators.map(product)]);
  });
}

/** The products of up to `order` factors that a word cannot be told from. */
export function aliasesOf({ defining }: TwoLevelFraction, word: Word, order: number): Word[] {
  return defining
    .map((other) => other ^ word)
    .filter((alias) => wordLength(alias) <= order)
    .toSorted((a, b) => wordLength(a) - wordLength(b) || a - b);
}

/** The smallest fraction of at least the asked resolution; null where it would take more than 2^MOST_BASIC runs. */
export function fractionOfResolution(factors: number, resolution: number): TwoLevelFraction | null {
  for (let basic = 1; basic <= Math.min(factors, MOST_BASIC); basic++) {
    if (factors > (1 << basic) - 1 && basic < factors) continue;
    const fraction = twoLevelFraction(factors, basic);
    if (fraction.resolution >= resolution) return fraction;
  }
  return null;
}
