import { choleskySpeed } from "./dense-algebra.js";
import { fitTimes } from "./fit-times.js";
import type { ManyRowsCost } from "./many-rows.js";
import type { Peers } from "./peers.js";
import { printTable, short } from "./print-table.js";
import { slowestSampling } from "./sampling.js";

/** One line of the table of budgets. */
interface BudgetRow {
  readonly work: string;
  readonly unit: string;
  readonly budget: number;
  readonly ours: number;
  /** The best peer with its figure. */
  readonly peer: readonly [string, number] | null;
  /** Cholesky is measured in speed, all else in cost. */
  readonly more?: boolean;
  /** What else must hold. */
  readonly holds?: boolean;
  /** Why a miss happens, where it is known. */
  readonly cause: string;
}

const CONTENDED = "on this machine as busy as it is now; run it on a quiet one before looking further";

/** Measures the rows of DESIGN section 10 that concern Gaussian processes, and prints them with what was missed. */
export function printBudgets(
  peers: Peers,
  options: { quick: boolean; markdown: boolean; manyRows: ManyRowsCost | null },
): void {
  const rows = [
    ...fitTimes(options.quick ? 200 : 2000, peers).map(
      ({ n, best, budget, peers: theirs }): BudgetRow => ({
        work: `cold exact fit, ${n} rows × 6`,
        unit: "s",
        budget,
        ours: best,
        peer: Object.entries(theirs).sort(([, a], [, b]) => a - b)[0] ?? null,
        cause: `${CONTENDED}; a fit is about 40 likelihoods with gradient, each n³`,
      }),
    ),
    samplingRow(),
    choleskyRow(peers),
    ...manyRowsRows(options.manyRows),
  ];
  console.log("Budgets (DESIGN section 10): CPU time of one core, best of several runs");
  printTable(
    ["work", "ours", "budget", "best peer", "times faster", "verdict"],
    rows.map(cells),
    options.markdown,
  );
}

function samplingRow(): BudgetRow {
  const { seconds, met } = slowestSampling();
  return {
    work: "NUTS, 40 rows × 6, slowest of 5 data sets",
    unit: "s",
    budget: 2,
    ours: seconds,
    peer: null,
    holds: met,
    cause: "R-hat or an effective sample size is short in one of them, or time",
  };
}

function choleskyRow(peers: Peers): BudgetRow {
  const theirs = peers.figures("cholesky", { cholesky: [1000] }, ({ cholesky }) => cholesky[0]!.gigaflops);
  return {
    work: "Cholesky, n = 1,000",
    unit: "GFLOP/s",
    budget: 20,
    ours: choleskySpeed(1000),
    peer: theirs === null ? ["OpenBLAS, AVX2", 52] : ["LAPACK by SciPy", theirs],
    more: true,
    cause: CONTENDED,
  };
}

function manyRowsRows(cost: ManyRowsCost | null): readonly BudgetRow[] {
  if (cost === null) return [];
  const common = {
    peer: null,
    cause: "time goes into the likelihood of all rows, memory into its conditioning sets",
  };
  return [
    { work: "100,000 rows × 8, nearest neighbours", unit: "s", budget: 300, ours: cost.seconds, ...common },
    { work: "the same, peak memory", unit: "MB", budget: 2000, ours: cost.megabytes, ...common },
  ];
}

function cells({ work, unit, budget, ours, peer, more, holds, cause }: BudgetRow): readonly string[] {
  const met = (more === true ? ours >= budget : ours <= budget) && holds !== false;
  const ratio = peer === null ? null : more === true ? ours / peer[1] : peer[1] / ours;
  return [
    work,
    `${short(ours)} ${unit}`,
    `${short(budget)} ${unit}`,
    peer === null ? "–" : `${short(peer[1])} (${peer[0]})`,
    ratio === null ? "–" : ratio.toFixed(1),
    met ? "met" : `missed: ${cause}`,
  ];
}
