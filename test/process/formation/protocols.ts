import type { Protocol, ProtocolStep, SingleStep } from "../../../src/process/formation/protocol.js";
import type { GoldenStep } from "../read-golden.js";

export const current = (rateC: number, untilVoltageV: number): SingleStep => ({
  mode: "constant-current",
  rateC,
  untilVoltageV,
});
export const hold = (voltageV: number, untilRateC: number): SingleStep => ({
  mode: "constant-voltage",
  voltageV,
  untilRateC,
});
export const rest = (hours: number): SingleStep => ({ mode: "rest", hours });
export const at = (temperatureC: number, steps: readonly ProtocolStep[]): Protocol => ({
  temperatureC,
  steps,
});

/** A protocol as the golden file writes it. */
export function goldenProtocol(temperatureC: number, steps: readonly GoldenStep[]): Protocol {
  return at(
    temperatureC,
    steps.map((step) =>
      step[0] === "rest"
        ? rest(step[1])
        : step[0] === "cc"
          ? current(step[1], step[2])
          : hold(step[1], step[2]),
    ),
  );
}

/** Three full cycles at one rate. */
export const fullCycles = (rateC: number, low: number, high: number): Protocol =>
  at(25, [{ mode: "repeat", times: 3, steps: [current(rateC, high), current(-rateC, low)] }]);

/** A fast first charge to 3.9 V, shallow cycles 3.9–4.2 V, a fast discharge to 3.0 V. */
export function shallowProtocol(
  temperatureC: number,
  options: {
    readonly firstRateC?: number;
    readonly cycles?: number;
    readonly holdC?: number;
    readonly lastRateC?: number;
    readonly lowV?: number;
  } = {},
): Protocol {
  const { firstRateC = 1, cycles = 5, holdC, lastRateC = 1, lowV = 3 } = options;
  const top = [current(0.2, 4.2), ...(holdC === undefined ? [] : [hold(4.2, holdC)])];
  return at(temperatureC, [
    current(firstRateC, 3.9),
    { mode: "repeat", times: cycles, steps: [...top, current(-0.2, 3.9)] },
    current(-lastRateC, lowV),
  ]);
}
