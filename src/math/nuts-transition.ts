import { exp, logAddExp } from "./elementary.js";
import type { Rng } from "./rng.js";

/** log p(x) up to a constant, −∞ where there is no density; writes its gradient to `gradient` [d]. */
export type LogDensity = (x: Float64Array, gradient: Float64Array) => number;

/** A point in phase space. */
export interface PhasePoint {
  readonly position: Float64Array;
  readonly momentum: Float64Array;
  /** M⁻¹p */
  readonly velocity: Float64Array;
  /** ∇ log p at the position. */
  readonly gradient: Float64Array;
  readonly logDensity: number;
}

/** What a Hamiltonian system is: a density and the diagonal of the inverse mass matrix, [d]. */
export interface Hamiltonian {
  readonly logDensity: LogDensity;
  readonly inverseMass: Float64Array;
}

export interface Transition {
  readonly point: PhasePoint;
  /** Mean of min(1, e^(H₀ − H)) over all states visited: what the step size is tuned by. */
  readonly acceptance: number;
  readonly divergent: boolean;
  /** Doublings made; `maxTreeDepth` means that the trajectory was cut off. */
  readonly depth: number;
  readonly evaluations: number;
}

/** Error of the energy beyond which a trajectory counts as divergent (Betancourt 2017, section 5.1.3; Stan's value). */
const DIVERGENCE = 1000;

/** A contiguous piece of trajectory, ordered in time. */
interface Tree {
  readonly left: PhasePoint;
  readonly right: PhasePoint;
  /** Σ p over its states. */
  readonly momentumSum: Float64Array;
  /** State drawn from it in proportion to e^(−H). */
  readonly proposal: PhasePoint;
  /** log Σ e^(H₀ − H). */
  readonly logWeight: number;
}

/**
 * One transition of the no-U-turn sampler: doubles a trajectory until it turns back, and draws the next state from it
 * by multinomial weights, biased towards the newer half at the top.
 *
 * @param from - Current position with its gradient; its momentum is replaced.
 * @param stepSize - Above 0.
 * @see Hoffman & Gelman (2014), section 3.1 (doubling); Betancourt (2017), arXiv:1701.02434, appendices A.3.2 (multinomial
 *   weights, biased progressive sampling) and A.4.2 (criterion on the summed momentum)
 */
export function nutsTransition(
  system: Hamiltonian,
  from: PhasePoint,
  stepSize: number,
  maxTreeDepth: number,
  rng: Rng,
): Transition {
  const start = withFreshMomentum(system, from, rng);
  const trajectory: Trajectory = {
    system,
    stepSize,
    rng,
    startEnergy: energy(start),
    evaluations: 0,
    acceptanceSum: 0,
    divergent: false,
  };
  let tree: Tree = {
    left: start,
    right: start,
    momentumSum: start.momentum,
    proposal: start,
    logWeight: 0,
  };
  let depth = 0;
  while (depth < maxTreeDepth) {
    const forward = rng.uniform() < 0.5;
    const extension = growTree(trajectory, forward ? tree.right : tree.left, forward, depth);
    if (extension === null) break;
    depth += 1;
    const accepted = rng.uniform() < exp(extension.logWeight - tree.logWeight);
    const proposal = accepted ? extension.proposal : tree.proposal;
    const [earlier, later] = forward ? [tree, extension] : [extension, tree];
    const turned = isTurning(earlier, later);
    tree = joined(earlier, later, proposal);
    if (turned) break;
  }
  return {
    point: tree.proposal,
    acceptance: trajectory.acceptanceSum / Math.max(1, trajectory.evaluations),
    divergent: trajectory.divergent,
    depth,
    evaluations: trajectory.evaluations,
  };
}

/** One leapfrog step of `step` (negative: back in time), one evaluation of the density. */
export function leapfrog(
  { logDensity, inverseMass }: Hamiltonian,
  from: PhasePoint,
  step: number,
): PhasePoint {
  const d = from.position.length;
  const momentum = new Float64Array(d);
  const position = new Float64Array(d);
  const velocity = new Float64Array(d);
  const gradient = new Float64Array(d);
  for (let k = 0; k < d; k++) {
    momentum[k] = from.momentum[k]! + 0.5 * step * from.gradient[k]!;
    position[k] = from.position[k]! + step * inverseMass[k]! * momentum[k]!;
  }
  const value = logDensity(position, gradient);
  for (let k = 0; k < d; k++) {
    momentum[k] = momentum[k]! + 0.5 * step * gradient[k]!;
    velocity[k] = inverseMass[k]! * momentum[k]!;
  }
  return { position, momentum, velocity, gradient, logDensity: value };
}

/** The same position with a momentum drawn from N(0, M). */
export function withFreshMomentum({ inverseMass }: Hamiltonian, from: PhasePoint, rng: Rng): PhasePoint {
  const momentum = inverseMass.map((inverse) => rng.normal() / Math.sqrt(inverse));
  return { ...from, momentum, velocity: momentum.map((p, k) => inverseMass[k]! * p) };
}

/** H = −log p(x) + ½ p^T M⁻¹ p; +∞ where there is no density. */
export function energy({ logDensity, momentum, velocity }: PhasePoint): number {
  const value = 0.5 * dot(momentum, velocity) - logDensity;
  return value < Number.POSITIVE_INFINITY ? value : Number.POSITIVE_INFINITY;
}

/** What is common to one transition, and what it counts. */
interface Trajectory {
  readonly system: Hamiltonian;
  readonly stepSize: number;
  readonly rng: Rng;
  readonly startEnergy: number;
  evaluations: number;
  acceptanceSum: number;
  divergent: boolean;
}

/** The 2^depth states beyond `from`; null if they diverge or turn back. */
function growTree(trajectory: Trajectory, from: PhasePoint, forward: boolean, depth: number): Tree | null {
  if (depth === 0) return leaf(trajectory, from, forward);
  const near = growTree(trajectory, from, forward, depth - 1);
  if (near === null) return null;
  const far = growTree(trajectory, forward ? near.right : near.left, forward, depth - 1);
  if (far === null) return null;
  const [earlier, later] = forward ? [near, far] : [far, near];
  if (isTurning(earlier, later)) return null;
  const share = exp(far.logWeight - logAddExp(near.logWeight, far.logWeight));
  return joined(earlier, later, trajectory.rng.uniform() < share ? far.proposal : near.proposal);
}

function leaf(trajectory: Trajectory, from: PhasePoint, forward: boolean): Tree | null {
  const { stepSize, startEnergy } = trajectory;
  const point = leapfrog(trajectory.system, from, forward ? stepSize : -stepSize);
  const logWeight = startEnergy - energy(point);
  trajectory.evaluations += 1;
  trajectory.acceptanceSum += exp(Math.min(0, logWeight));
  if (!(logWeight >= -DIVERGENCE)) {
    trajectory.divergent = true;
    return null;
  }
  return { left: point, right: point, momentumSum: point.momentum, proposal: point, logWeight };
}

function joined(earlier: Tree, later: Tree, proposal: PhasePoint): Tree {
  return {
    left: earlier.left,
    right: later.right,
    momentumSum: sum(earlier.momentumSum, later.momentumSum),
    proposal,
    logWeight: logAddExp(earlier.logWeight, later.logWeight),
  };
}

/**
 * Whether two adjacent pieces together have turned back, or either has with the next state of the other: the second and
 * third checks catch a turn that falls between the pieces (Stan 2.21 and later).
 */
function isTurning(earlier: Tree, later: Tree): boolean {
  return (
    turns(earlier.left, later.right, sum(earlier.momentumSum, later.momentumSum)) ||
    turns(earlier.left, later.left, sum(earlier.momentumSum, later.left.momentum)) ||
    turns(earlier.right, later.right, sum(later.momentumSum, earlier.right.momentum))
  );
}

function turns(left: PhasePoint, right: PhasePoint, momentumSum: Float64Array): boolean {
  return !(dot(left.velocity, momentumSum) > 0 && dot(right.velocity, momentumSum) > 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += a[k]! * b[k]!;
  return total;
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, k) => value + b[k]!);
}
