import { CellwrightError, type Problem } from "../errors.js";
import { canonicalJson } from "../math/canonical-json.js";
import { sha256Hex } from "../math/sha256.js";
import { definedFields, withoutFields } from "./defined-fields.js";
import type { AskResult, SealedOrigin, Suggestion } from "./suggestion.js";
import type { ProcessWindow } from "./window-answer.js";

/** What a seal needs of an answer. */
interface Answer {
  readonly createdAt: string;
  readonly provenance: Omit<SealedOrigin, "seal">;
  readonly suggestions?: readonly Suggestion[];
}

/** An answer with its seal. */
type Sealed<A extends Answer> = Omit<A, "provenance"> & {
  readonly provenance: A["provenance"] & Pick<SealedOrigin, "seal">;
};

/** An answer before it is sealed. */
export type UnsealedAskResult = Omit<AskResult, "provenance"> & {
  readonly provenance: Omit<AskResult["provenance"], "seal">;
};

/**
 * Adds the seal: SHA-256 of the canonical JSON of everything but `createdAt`, the program's version, explanations
 * (which follow from the rest) and the seal.
 *
 * @throws CellwrightError NON_FINITE, naming every place, if a number in the answer is not finite.
 */
export function sealAnswer<A extends Answer>(answer: A): Sealed<A> {
  const problems = nonFinite(answer, "");
  if (problems.length > 0) {
    throw new CellwrightError(
      "NON_FINITE",
      "The answer holds numbers that are not finite; it was withheld.",
      { problems },
    );
  }
  return { ...answer, provenance: { ...answer.provenance, seal: sealOf(answer) } };
}

/** Whether an answer is what was sealed. */
export function isSealIntact(answer: AskResult | ProcessWindow): boolean {
  return sealOf(answer) === answer.provenance.seal;
}

function sealOf(answer: Answer): string {
  const provenance = withoutFields(answer.provenance as SealedOrigin, "cellwright", "seal");
  const suggestions = answer.suggestions?.map(
    (s): Omit<Suggestion, "explanation"> => withoutFields(s, "explanation"),
  );
  const rest = withoutFields(answer, "createdAt", "provenance", "suggestions");
  return sha256Hex(canonicalJson({ ...rest, ...definedFields({ suggestions }), provenance }));
}

function nonFinite(value: unknown, path: string): Problem[] {
  if (typeof value === "number") {
    return Number.isFinite(value) ? [] : [{ where: path, found: String(value), expected: "a finite number" }];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    nonFinite(inner, path === "" ? key : `${path}.${key}`),
  );
}
