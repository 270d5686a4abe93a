import { CellwrightError } from "../../errors.js";
import { exp } from "../../math/elementary.js";
import {
  advance,
  type CellState,
  cellVoltageV,
  currentAtVoltage,
  freshCell,
  type Potentials,
  potentialsOf,
  voltageSlope,
} from "./cell-state.js";
import type { FormationCell } from "./formation-cell.js";
import { expandSteps, type Protocol, protocolProblems, type SingleStep } from "./protocol.js";
import { type FormationConditions, type Kinetics, kineticsAt } from "./sei-kinetics.js";

/** What one step did. */
export interface StepResult {
  readonly step: SingleStep;
  readonly hours: number;
  /** Charge that passed, hours at 1C; negative on discharge. */
  readonly charge: number;
  readonly endVoltageV: number;
}

/** What formation did to a cell. Charges are multiples of the nominal capacity; null where the protocol has no such step. */
export interface FormationResult {
  readonly hours: number;
  readonly firstCharge: number | null;
  readonly firstDischarge: number | null;
  readonly lastDischarge: number | null;
  readonly firstCycleEfficiency: number | null;
  readonly seiCharge: number;
  /** Share of the SEI's charge that the additive made. */
  readonly additiveShare: number;
  readonly platedCharge: number;
  /** Lithium lost to SEI and plating. */
  readonly lithiumLoss: number;
  /** Lowest anode potential against lithium while charging, V; below 0 lithium plates. */
  readonly lowestAnodePotentialV: number | null;
  readonly plating: boolean;
  readonly seiThicknessNm: number;
  /** Energy charged and lost in resistances, V·h per hour at 1C: times the nominal capacity in Ah it is Wh. */
  readonly chargeEnergyVh: number;
  readonly resistiveLossVh: number;
  /** Mean charge rate at which the SEI grew, C. */
  readonly meanSeiRateC: number;
  readonly chargeAbove3p9V: number;
  /** Resistance at 5 % state of charge relative to the baseline; null where the two-point calibration does not hold. */
  readonly lowSocResistance: number | null;
  readonly steps: readonly StepResult[];
}

/** What a cycler would record: seconds are those of the step (numbered from 0, repetitions written out). */
export interface FormationSample {
  readonly step: number;
  readonly seconds: number;
  readonly rateC: number;
  readonly voltageV: number;
}

/** Longest step of time, s; at a current it is at most a charge of .2 % of the capacity. */
const LONGEST_DT_S = 60;
const CHARGE_PER_DT_S = 7.2;
const SHORTEST_DT_S = 0.5;
/** How far a step may run past its voltage: as far as the reference's fixed steps do where voltages are not steep. */
const LARGEST_OVERSHOOT_V = 0.005;
/** A constant voltage ends after a day, whatever its current. */
const LONGEST_HOLD_S = 24 * 3600;
/** A step that takes longer does not end: the current is smaller than what the SEI takes. */
const LONGEST_STEP_S = 2000 * 3600;

/**
 * Runs a formation protocol on a model cell: two SEI reactants in series of reaction and diffusion, strain that cracks
 * the layer, plating below 0 V against lithium, slow and fast overpotentials, a cathode that is wetted over 20 h.
 *
 * `observe` is told of every step of time. Deterministic. Temperatures 10 to 60 degC and rates to 2C were looked at; what is calibrated, the cell says.
 *
 * @throws CellwrightError INVALID_OPTION with everything that is wrong with the protocol, or the step that does not end.
 * @see Weng et al. (2023), SEI growth in formation; equations re-derived, changes stated where the constants stand
 */
export function simulateFormation(
  cell: FormationCell,
  protocol: Protocol,
  conditions: FormationConditions = {},
  observe?: (sample: FormationSample) => void,
): FormationResult {
  const problems = protocolProblems(protocol);
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "The protocol cannot be run.", { problems });
  const state = freshCell(cell);
  const steps = expandSteps(protocol).map((step, i) =>
    runStep(
      cell,
      state,
      step,
      kineticsAt(step.temperatureC ?? protocol.temperatureC, conditions),
      conditions,
      i,
      observe,
    ),
  );
  return resultOf(state, steps);
}

function runStep(
  cell: FormationCell,
  state: CellState,
  step: SingleStep,
  kinetics: Kinetics,
  conditions: FormationConditions,
  index: number,
  observe?: (sample: FormationSample) => void,
): StepResult {
  const limitS = longestSeconds(step);
  const wetting = step.purpose === "wetting";
  let [elapsed, charge, lastV, lastDt] = [0, 0, NaN, 0];
  for (;;) {
    const potentials = potentialsOf(cell, state);
    const rateC = rateOf(step, state, potentials, kinetics);
    const voltageV = cellVoltageV(cell, state, potentials, kinetics, rateC);
    if (!Number.isFinite(voltageV))
      throw new CellwrightError("NON_FINITE", `Step ${index + 1} has no voltage: ${voltageV}.`);
    observe?.({ step: index, seconds: elapsed, rateC, voltageV });
    if (elapsed >= limitS || hasEnded(step, rateC, voltageV)) {
      return { step, hours: elapsed / 3600, charge, endVoltageV: voltageV };
    }
    if (elapsed > LONGEST_STEP_S) throw endless(step, index);
    const smooth =
      step.mode === "constant-voltage" ? stableSeconds(cell, state, potentials, kinetics) : LONGEST_DT_S;
    const dt = Math.min(smooth, secondsToEnd(step, voltageV, (voltageV - lastV) / lastDt), limitS - elapsed);
    advance(cell, state, kinetics, conditions, { rateC, voltageV, anodeV: potentials.anodeV, dt, wetting });
    [lastV, lastDt] = [voltageV, dt];
    elapsed += dt;
    charge += (rateC * dt) / 3600;
  }
}

/** Seconds that a constant current may go on: a small charge, and no further than where its voltage is heading for. */
function secondsToEnd(step: SingleStep, voltageV: number, slopeVPerS: number): number {
  if (step.mode !== "constant-current") return LONGEST_DT_S;
  const dt = Math.min(LONGEST_DT_S, CHARGE_PER_DT_S / Math.max(Math.abs(step.rateC), 0.02));
  const left = (step.untilVoltageV - voltageV) / slopeVPerS; // NaN in the first step: no slope yet
  const overshootV = Math.abs(slopeVPerS) * (dt - left);
  return left > 0 && overshootV > LARGEST_OVERSHOOT_V ? Math.max(left, SHORTEST_DT_S) : dt;
}

/** Half the time in which a held voltage would charge the cell to it: explicit steps beyond twice that oscillate. */
function stableSeconds(
  cell: FormationCell,
  state: CellState,
  potentials: Potentials,
  kinetics: Kinetics,
): number {
  const slope = voltageSlope(cell, state, potentials);
  const relaxation = (kinetics.anode.fast + kinetics.cathode.fast) * 3600;
  return slope > 0
    ? Math.max(Math.min(LONGEST_DT_S, (0.5 * relaxation) / slope), SHORTEST_DT_S)
    : LONGEST_DT_S;
}

function rateOf(step: SingleStep, state: CellState, potentials: Potentials, kinetics: Kinetics): number {
  if (step.mode === "rest") return 0;
  if (step.mode === "constant-current") return step.rateC;
  return currentAtVoltage(state, potentials, kinetics, step.voltageV);
}

function longestSeconds(step: SingleStep): number {
  if (step.mode === "rest") return step.hours * 3600;
  if (step.mode === "constant-current") return (step.maxHours ?? Infinity) * 3600;
  return Math.min((step.hours ?? Infinity) * 3600, LONGEST_HOLD_S);
}

function hasEnded(step: SingleStep, rateC: number, voltageV: number): boolean {
  if (step.mode === "rest") return false;
  if (step.mode === "constant-voltage")
    return step.untilRateC !== undefined && Math.abs(rateC) < step.untilRateC;
  return step.rateC > 0 ? voltageV >= step.untilVoltageV : voltageV <= step.untilVoltageV;
}

function endless(step: SingleStep, index: number): CellwrightError {
  const end = step.mode === "constant-current" ? `${step.untilVoltageV} V at ${step.rateC} C` : "its end";
  return new CellwrightError(
    "INVALID_OPTION",
    `Step ${index + 1} does not reach ${end} within ${LONGEST_STEP_S / 3600} h.`,
    {
      problems: [
        {
          where: `step ${index + 1}`,
          found: "a step that does not end",
          expected: `${end} within ${LONGEST_STEP_S / 3600} h`,
          remedy: "Raise the rate, or limit the step by maxHours.",
        },
      ],
    },
  );
}

/** Charges of the half-cycles: consecutive steps of one direction count together, rests between them do not end them. */
function halfCycles(steps: readonly StepResult[]): {
  readonly charges: readonly number[];
  readonly discharges: readonly number[];
} {
  const runs: number[] = [];
  for (const { step, charge } of steps) {
    if (step.mode === "rest" || Math.abs(charge) < 1e-9) continue;
    const last = runs.at(-1);
    if (last !== undefined && last > 0 === charge > 0) runs[runs.length - 1] = last + charge;
    else runs.push(charge);
  }
  return { charges: runs.filter((q) => q > 0), discharges: runs.filter((q) => q < 0).map((q) => -q) };
}

function resultOf(state: CellState, steps: readonly StepResult[]): FormationResult {
  const { charges, discharges } = halfCycles(steps);
  const seiCharge = state.solventCharge + state.additiveCharge;
  const lithiumLoss = seiCharge + state.platedCharge;
  const charged = Number.isFinite(state.lowestAnodeV);
  const [firstCharge, firstDischarge] = [charges[0] ?? null, discharges[0] ?? null];
  return {
    hours: state.timeS / 3600,
    firstCharge,
    firstDischarge,
    lastDischarge: discharges.at(-1) ?? null,
    firstCycleEfficiency:
      firstCharge === null || firstDischarge === null ? null : firstDischarge / firstCharge,
    seiCharge,
    additiveShare: state.additiveCharge / seiCharge,
    platedCharge: state.platedCharge,
    lithiumLoss,
    lowestAnodePotentialV: charged ? state.lowestAnodeV : null,
    plating: state.lowestAnodeV < 0,
    seiThicknessNm: state.thicknessM * 1e9,
    chargeEnergyVh: state.chargeEnergyVh,
    resistiveLossVh: state.resistiveLossVh,
    meanSeiRateC: state.rateWeightedCharge / seiCharge,
    chargeAbove3p9V: state.chargeAbove3p9V,
    lowSocResistance: lowSocResistance(lithiumLoss),
    steps,
  };
}

/** Lithium losses between which the resistance was calibrated (baseline and fast group of Weng et al. 2021). */
const CALIBRATED_LOSS = [0.115, 0.135] as const;

/**
 * Resistance at 5 % state of charge after the same reference cycle, relative to the baseline: e^(−16.7 (LLI − .1235)).
 *
 * Two points were calibrated, so outside them there is no value. It predicts cycle life only weakly (Spearman −.15 over
 * the 178 cells of the shipped formation set).
 */
function lowSocResistance(lithiumLoss: number): number | null {
  const [least, most] = CALIBRATED_LOSS;
  return lithiumLoss >= least && lithiumLoss <= most ? exp(-16.7 * (lithiumLoss - 0.1235)) : null;
}
