/**
 * Dense algebra in WebAssembly beside plain TypeScript, in one run, and OpenBLAS as recorded on a machine of this kind
 * (dpotrf, one core, AVX2: ../shared/bench/README.md). Budget: 20 GFLOP/s or more for Cholesky at n = 1,000
 * (DESIGN section 10).
 *
 * usage: npm run bench -- linear-algebra [largest n]
 *
 * Work below two milliseconds is timed by the wall clock, longer work by CPU time. On a machine that others use too,
 * caches are shared: the best of many runs says what the code can do.
 */
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { matern52 } from "../../src/kernels/matern.js";
import { cholesky } from "../../src/math/cholesky.js";
import { createMatrix, type Matrix } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import type { CovarianceFactor } from "../../src/math/wasm/covariance.js";
import { withCovarianceFactorWasm } from "../../src/math/wasm/covariance.js";
import type { Indefinite } from "../../src/math/wasm/factor.js";
import { useRelaxedKernels, wasmKernels } from "../../src/math/wasm/kernels.js";
import { choleskyWasm } from "../../src/math/wasm/linear-algebra.js";
import { tilesOf, triangleSize, writeLower } from "../../src/math/wasm/tiles.js";
import { memoryNumbers, withWorkingMemory } from "../../src/math/wasm/working-memory.js";
import { factorCovariancePlain } from "../../src/surrogates/plain-covariance.js";

const SIZES = [50, 100, 200, 500, 1000, 2000];
/** GFLOP/s of dpotrf at those sizes. */
const OPENBLAS = [10, 24, 36, 46, 52, 55];
const INPUTS = 6;

interface Times {
  readonly best: number;
  readonly median: number;
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of `work` after `prepare`, which is not counted; about `budget` milliseconds in all, at least thrice. */
function measure(work: () => void, budget: number, prepare = (): void => undefined): Times {
  const times: number[] = [];
  prepare();
  const first = performance.now();
  work();
  const clock = performance.now() - first < 2 ? () => performance.now() : cpuMilliseconds;
  for (let total = 0; times.length < 3 || (total < budget && times.length < 5000); total += times.at(-1)!) {
    prepare();
    const start = clock();
    work();
    times.push(clock() - start);
  }
  times.sort((a, b) => a - b);
  return { best: times[0]!, median: times[times.length >> 1]! };
}

function positiveDefinite(n: number): Matrix {
  const A = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++)
      A.data[i * n + j] = Math.exp((-8 * Math.abs(i - j)) / n) + (i === j ? 0.1 : 0);
  }
  return A;
}

/** The kernel alone, on a matrix that is in its memory. */
function measureKernel(A: Matrix, budget: number): Times {
  const T = tilesOf(A.rows);
  return withWorkingMemory((memory) => {
    const original = memory.allocate(triangleSize(T)) / 8;
    const L = memory.allocate(triangleSize(T));
    const reciprocals = memory.allocate(4 * T);
    const numbers = memoryNumbers();
    writeLower(A, numbers, original);
    const refill = (): void => void numbers.copyWithin(L / 8, original, original + triangleSize(T));
    return measure(() => void wasmKernels().factorLower(L, T, reciprocals), budget, refill);
  });
}

const column = (value: number, digits: number): string => value.toFixed(digits).padStart(9);

function choleskyTable(largest: number): void {
  console.log("Cholesky, GFLOP/s (n³/3 operations)");
  console.log(
    "   n |   kernel: best, median | with copies: best, median |    plain: best, median | OpenBLAS",
  );
  SIZES.forEach((n, k) => {
    if (n > largest) return;
    const A = positiveDefinite(n);
    const speed = ({ best, median }: Times): string =>
      [best, median].map((time) => column((n * n * n) / 3 / time / 1e6, 1)).join(" ");
    const kernel = speed(measureKernel(A, 1000));
    const face = speed(measure(() => void choleskyWasm(A), 1000));
    const plain = speed(measure(() => void cholesky(A), 1000));
    console.log(
      `${String(n).padStart(4)} | ${kernel.padStart(22)} | ${face.padStart(25)} | ${plain.padStart(22)} | ${String(OPENBLAS[k]).padStart(8)}`,
    );
  });
}

/** One evaluation of the marginal likelihood with its gradient: what a fit does again and again. */
function likelihoodTable(largest: number): void {
  console.log(`\nMatérn-5/2 likelihood with gradient, ${INPUTS} inputs, milliseconds`);
  console.log("   n |  kernels: best, median |    plain: best, median | plain/kernels");
  for (const n of SIZES.filter((size) => size <= largest)) {
    const rng = createRng(n);
    const X = createMatrix(n, INPUTS);
    for (let i = 0; i < X.data.length; i++) X.data[i] = rng.uniform();
    const z = Float64Array.from({ length: n }, () => rng.normal());
    const noise = new Float64Array(n).fill(0.01);
    const kernel = createProductKernel(
      matern52,
      Array.from({ length: INPUTS }, () => "continuous" as const),
    );
    const inputs = kernel.scale(X, new Float64Array(INPUTS).fill(0.5));
    const correlated = { ...inputs, radial: kernel.radial.name, categorical: kernel.categorical };
    const use = (factor: CovarianceFactor | Indefinite): void => {
      if (factor.ok) factor.likelihoodSums(factor.solve(z));
    };
    const wasm = measure(() => withCovarianceFactorWasm(correlated, 1, noise, use), 1000);
    const plain = measure(() => use(factorCovariancePlain(kernel, inputs, 1, noise)), 1000);
    const times = ({ best, median }: Times): string => `${column(best, 3)} ${column(median, 3)}`;
    console.log(
      `${String(n).padStart(4)} | ${times(wasm).padStart(22)} | ${times(plain).padStart(22)} | ${column(plain.median / wasm.median, 1)}`,
    );
  }
}

/** Prints both tables up to `largest` rows. */
export async function printDenseAlgebra(largest: number): Promise<void> {
  console.log(`Node ${process.version}`);
  choleskyTable(largest);
  likelihoodTable(Math.min(largest, 1000));
  const sizes = SIZES.filter((n) => n >= 200 && n <= largest);
  const strict = sizes.map(choleskySpeed);
  await useRelaxedKernels();
  console.log("\nCholesky kernel, GFLOP/s: strict, relaxed (opt-in), ratio");
  sizes.forEach((n, k) => {
    const relaxed = choleskySpeed(n);
    console.log(
      `${String(n).padStart(4)} | ${column(strict[k]!, 1)} ${column(relaxed, 1)} ${column(relaxed / strict[k]!, 2)}`,
    );
  });
}

/** GFLOP/s of the Cholesky kernel at n rows: the best run of about a second. */
export function choleskySpeed(n: number): number {
  return (n * n * n) / 3 / measureKernel(positiveDefinite(n), 1000).best / 1e6;
}
