import { CellwrightError } from "../errors.js";
import { cholesky, choleskyInverse, choleskySolve } from "../math/cholesky.js";
import { log } from "../math/elementary.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import { dotAt } from "../math/row-products.js";
import type { LeaveOneOut } from "./leave-one-out.js";
import type { ConditionedSites } from "./multi-task-posterior.js";

/**
 * Predicts every setting from all others but those that are left out with it, exactly and without refitting.
 *
 * For a block I that is left out together, P = (A⁻¹)_II gives mean z_I − P⁻¹α_I and covariance P⁻¹ (the block form of
 * Rasmussen & Williams 2006, eqs. 5.10–5.12). Hyperparameters stay as fitted on all data.
 *
 * @param block - Label of the block of each setting, [n]: equal labels are left out together.
 */
export function leaveBlocksOut(
  conditioned: ConditionedSites,
  z: Float64Array,
  block: Int32Array,
): LeaveOneOut {
  const n = z.length;
  const { inverse, anchors } = conditioned;
  const alpha = conditioned.solve(z);
  const mean = new Float64Array(n);
  const latentVariance = new Float64Array(n);
  const logDensity = new Float64Array(n);
  const columns = transposeOf(inverse); // row i holds column i of L⁻¹, so products of rows are entries of A⁻¹
  for (const members of membersOf(block)) {
    const P = createMatrix(members.length, members.length);
    members.forEach((i, a) => {
      members.forEach((j, b) => {
        P.data[a * members.length + b] = dotAt(columns, i * n, columns, j * n, n);
      });
    });
    const factor = cholesky(P);
    if (!factor.ok) {
      throw new CellwrightError("NOT_POSITIVE_DEFINITE", "A left-out block cannot be predicted.", {
        details: { pivot: factor.pivot },
      });
    }
    const deviation = choleskySolve(
      factor.L,
      Float64Array.from(members, (i) => alpha[i]!),
    );
    const covariance = choleskyInverse(factor.L);
    members.forEach((i, a) => {
      const variance = covariance.data[a * members.length + a]!;
      const miss = deviation[a]!;
      mean[i] = z[i]! - miss;
      // Rounding only: the predictive variance is at least the noise.
      latentVariance[i] = Math.max(variance - anchors.noise[i]!, 0);
      logDensity[i] = -0.5 * (log(2 * Math.PI * variance) + (miss * miss) / variance);
    });
  }
  return { mean, latentVariance, logDensity };
}

/** Every setting a block of its own, [n]. */
export function singleBlocks(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}

/** One block per distinct setting, whatever its site: a run with all its outcomes, [n]. */
export function runBlocks(X: Matrix): Int32Array {
  const labels = new Map<string, number>();
  return Int32Array.from({ length: X.rows }, (_, i) => {
    const key = X.data.subarray(i * X.cols, (i + 1) * X.cols).join(",");
    const label = labels.get(key) ?? labels.size;
    labels.set(key, label);
    return label;
  });
}

function membersOf(block: Int32Array): readonly (readonly number[])[] {
  const members = new Map<number, number[]>();
  block.forEach((label, i) => {
    const list = members.get(label);
    if (list === undefined) members.set(label, [i]);
    else list.push(i);
  });
  return [...members.values()];
}

function transposeOf(A: Matrix): Float64Array {
  const out = new Float64Array(A.rows * A.cols);
  for (let i = 0; i < A.rows; i++) {
    for (let j = 0; j < A.cols; j++) out[j * A.rows + i] = A.data[i * A.cols + j]!;
  }
  return out;
}
