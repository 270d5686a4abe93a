import { CellwrightError } from "../errors.js";
import { cholesky } from "../math/dense.js";
import { createMatrix, type Matrix, matrixFromRows, matrixRow } from "../math/matrix.js";
import { createRng } from "../math/rng.js";
import type { GaussianLatent } from "../surrogates/surrogate.js";
import { baseSamples } from "./base-samples.js";
import { finite } from "./formed-draws.js";
import type { HeldSetting } from "./formed-outcome.js";
import { isFormed, isKnown, type OutcomeModel } from "./outcome-terms.js";

/** Variance added so that the covariance of settings that nearly coincide can be factorised, as in joint-samples.ts. */
const SAMPLE_VARIANCE = 1e-9;

/** Joint latent draws of one surrogate, [S × m], and which column is which setting. */
interface DrawnPoints {
  readonly at: ReadonlyMap<string, number>;
  readonly raw: Matrix;
}

/**
 * Joint posterior draws of outcomes at one setting, [S] each, raw units: the exact joint posterior of every surrogate at
 * all settings that the forms read, surrogates independent of one another. The same normals serve every x, so that
 * settings are compared without noise between them. A formula's stated error is not drawn.
 *
 * @throws CellwrightError NON_FINITE (see `finite`), NOT_POSITIVE_DEFINITE
 */
export function sampleOutcomes(
  models: readonly OutcomeModel[],
  x: Float64Array,
  draws: number,
): Float64Array[] {
  const needs = new Map<GaussianLatent, Map<string, Float64Array>>();
  const need = (model: GaussianLatent, at: Float64Array): void => {
    const points = needs.get(model) ?? new Map<string, Float64Array>();
    needs.set(model, points.set(at.join(" "), at));
  };
  const held = models.map((model) => (isFormed(model) ? model.heldAt(x) : []));
  models.forEach((model, m) => {
    if (isFormed(model)) for (const one of held[m]!) model.models.forEach((inner) => need(inner, one.x));
    else if (!isKnown(model)) need(model, x);
  });
  const drawn = drawAll(needs, draws);
  return models.map((model, m) => {
    if (isKnown(model)) return new Float64Array(draws).fill(model.evaluate(x));
    if (!isFormed(model)) return column(drawn.get(model)!, x, draws);
    return formedColumn(model, held[m]!, drawn, draws);
  });
}

function column({ at, raw }: DrawnPoints, x: Float64Array, draws: number): Float64Array {
  const j = at.get(x.join(" "))!;
  return Float64Array.from({ length: draws }, (_, s) => raw.data[s * raw.cols + j]!);
}

function formedColumn(
  model: Extract<OutcomeModel, { kind: "formed" }>,
  held: readonly HeldSetting[],
  drawn: ReadonlyMap<GaussianLatent, DrawnPoints>,
  draws: number,
): Float64Array {
  const K = model.models.length;
  const columns = held.map(({ x }) => model.models.map((inner) => column(drawn.get(inner)!, x, draws)));
  const outcomes = new Float64Array(held.length * K);
  return Float64Array.from({ length: draws }, (_, s) => {
    columns.forEach((row, p) => row.forEach((values, k) => (outcomes[p * K + k] = values[s]!)));
    return finite(model.value(held, outcomes));
  });
}

function drawAll(
  needs: ReadonlyMap<GaussianLatent, ReadonlyMap<string, Float64Array>>,
  draws: number,
): ReadonlyMap<GaussianLatent, DrawnPoints> {
  const most = Math.max(1, ...[...needs.values()].map((points) => points.size));
  const normals = baseSamples(draws, most, needs.size, createRng(0).fork("form samples"));
  const drawn = new Map<GaussianLatent, DrawnPoints>();
  [...needs].forEach(([model, points], k) => {
    const at = new Map([...points.keys()].map((key, j) => [key, j]));
    drawn.set(model, { at, raw: drawJointly(model, matrixFromRows([...points.values()]), normals[k]!) });
  });
  return drawn;
}

/** μ + L z, raw units, [S × m]. */
function drawJointly(model: GaussianLatent, points: Matrix, normals: Matrix): Matrix {
  const m = points.rows;
  const { mean, covariance } = model.joint(points);
  const padded = { ...covariance, data: covariance.data.slice() };
  for (let i = 0; i < m; i++) padded.data[i * m + i]! += SAMPLE_VARIANCE;
  const factor = cholesky(padded);
  if (!factor.ok)
    throw new CellwrightError("NOT_POSITIVE_DEFINITE", "The joint posterior could not be factorised.");
  const raw = createMatrix(normals.rows, m);
  for (let s = 0; s < normals.rows; s++) {
    const z = matrixRow(normals, s);
    for (let i = 0; i < m; i++) {
      let value = mean[i]!;
      for (let j = 0; j <= i; j++) value += factor.L.data[i * m + j]! * z[j]!;
      raw.data[s * m + i] = model.modelScale.toRaw(value);
    }
  }
  return raw;
}
