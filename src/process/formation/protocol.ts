import type { Problem } from "../../errors.js";

/** What a step is for; overheads are counted apart from the hours on the cycler. */
export type StepPurpose =
  | "wetting"
  | "precharge"
  | "first charge"
  | "shallow cycle"
  | "discharge"
  | "verification"
  | "rest";

interface StepBase {
  readonly purpose?: StepPurpose;
  /** Chamber temperature of this step where it is not the protocol's, degC. */
  readonly temperatureC?: number;
}

/** Constant current until a voltage; charging is positive. `maxHours` ends it as well, whichever comes first. */
export interface CurrentStep extends StepBase {
  readonly mode: "constant-current";
  readonly rateC: number;
  readonly untilVoltageV: number;
  readonly maxHours?: number;
}

/** Constant voltage until the current has fallen to a rate, or for a time, whichever comes first. */
export interface VoltageStep extends StepBase {
  readonly mode: "constant-voltage";
  readonly voltageV: number;
  readonly untilRateC?: number;
  readonly hours?: number;
}

/** No current. */
export interface RestStep extends StepBase {
  readonly mode: "rest";
  readonly hours: number;
}

/** The same steps several times. */
export interface RepeatStep {
  readonly mode: "repeat";
  readonly times: number;
  readonly steps: readonly SingleStep[];
}

export type SingleStep = CurrentStep | VoltageStep | RestStep;
export type ProtocolStep = SingleStep | RepeatStep;

/** A formation protocol: what the cycler does to one cell, in order. */
export interface Protocol {
  readonly temperatureC: number;
  readonly steps: readonly ProtocolStep[];
}

/** The steps in the order in which they run, repetitions written out. */
export function expandSteps(protocol: Protocol): readonly SingleStep[] {
  return protocol.steps.flatMap((step) =>
    step.mode === "repeat" ? Array.from({ length: step.times }, () => step.steps).flat() : [step],
  );
}

/** Longest protocol that is simulated: a campaign's loops are tens of steps. */
const MAX_STEPS = 2000;
/** Voltages a lithium-ion cell can have, V; the limits of its chemistry are checked elsewhere. */
const VOLTAGE_V = [-0.5, 5.5] as const;

/** Everything that is wrong with a protocol by itself, whatever the cell: numbers, ends of steps, order of voltages. */
export function protocolProblems(protocol: Protocol): readonly Problem[] {
  const problems: Problem[] = [];
  if (!Number.isFinite(protocol.temperatureC))
    problems.push(number("temperature", protocol.temperatureC, "a temperature in degC"));
  if (protocol.steps.length === 0)
    problems.push({ where: "steps", found: "none", expected: "at least one step" });
  let count = 0;
  protocol.steps.forEach((step, i) => {
    const where = `step ${i + 1}`;
    if (step.mode !== "repeat") {
      count += 1;
      problems.push(...stepProblems(step, where));
      return;
    }
    if (!(Number.isInteger(step.times) && step.times >= 0))
      problems.push(number(`${where}, times`, step.times, "a whole number of at least 0"));
    else count += step.times * step.steps.length;
    step.steps.forEach((inner, j) => problems.push(...stepProblems(inner, `${where}.${j + 1}`)));
  });
  if (count > MAX_STEPS)
    problems.push({ where: "steps", found: `${count} steps`, expected: `at most ${MAX_STEPS}` });
  return problems;
}

function stepProblems(step: SingleStep, where: string): Problem[] {
  const problems: Problem[] = [];
  const positive = (name: string, value: number | undefined, unit: string): void => {
    if (value !== undefined && !(value > 0 && value < Infinity))
      problems.push(number(`${where}, ${name}`, value, `a number of ${unit} above 0`));
  };
  const voltage = (value: number): void => {
    if (!(value >= VOLTAGE_V[0] && value <= VOLTAGE_V[1]))
      problems.push(number(`${where}, voltage`, value, `${VOLTAGE_V[0]} to ${VOLTAGE_V[1]} V`));
  };
  if (step.temperatureC !== undefined && !Number.isFinite(step.temperatureC)) {
    problems.push(number(`${where}, temperature`, step.temperatureC, "a temperature in degC"));
  }
  switch (step.mode) {
    case "constant-current":
      positive("rate", Math.abs(step.rateC), "C");
      positive("longest time", step.maxHours, "hours");
      voltage(step.untilVoltageV);
      break;
    case "constant-voltage":
      positive("current cut-off", step.untilRateC, "C");
      positive("time", step.hours, "hours");
      voltage(step.voltageV);
      if (step.untilRateC === undefined && step.hours === undefined) {
        problems.push({
          where,
          found: "a constant voltage without end",
          expected: "a current cut-off, a time, or both",
        });
      }
      break;
    case "rest":
      if (!(step.hours >= 0 && step.hours < Infinity))
        problems.push(number(`${where}, time`, step.hours, "hours of at least 0"));
  }
  return problems;
}

const number = (where: string, found: number, expected: string): Problem => ({
  where,
  found: String(found),
  expected,
});
