import { describe, expect, it } from "vitest";
import { findFormationCell } from "../../../src/process/formation/formation-cell.js";
import { formationHours } from "../../../src/process/formation/formation-hours.js";
import { familyDefaults, formationProtocol } from "../../../src/process/formation/protocol-family.js";
import { simulateFormation } from "../../../src/process/formation/simulate-formation.js";
import { current, hold, rest } from "./protocols.js";

const none = { degassing: 0, ageing: 0 };

describe("formationHours", () => {
  it("is exact where the charge of each current step is known", () => {
    const found = formationHours(
      [
        { step: current(0.1, 4.2), charge: 1.15 },
        { step: hold(4.2, 0.05), hours: 0.4 },
        { step: current(-0.2, 3), charge: -1 },
      ],
      none,
    );
    expect(found.cycler).toBeCloseTo(11.5 + 0.4 + 5, 12);
    expect(found.elapsed).toBe(found.cycler);
  });

  it("agrees with the simulator when it is told the simulator's charges", () => {
    const cell = findFormationCell("NMC622/graphite")!;
    const found = simulateFormation(
      cell,
      formationProtocol({ ...familyDefaults({ upperVoltageV: 4.2, lowerVoltageV: 2.8 }), rest_ocv: 3 }),
    );
    const known = found.steps.map(({ step, charge, hours }) =>
      step.mode === "constant-current" ? { step, charge } : { step, hours },
    );
    const hours = formationHours(known, { degassing: 2, ageing: 336 });
    expect(hours.elapsed).toBeCloseTo(found.hours + 338, 6);
    expect([hours.wetting, hours.rest, hours.degassing, hours.ageing]).toEqual([30, 3, 2, 336]);
  });

  it("counts wetting and rests apart from the cycler", () => {
    const found = formationHours(
      [
        { step: { ...rest(24), purpose: "wetting" } },
        { step: { ...rest(6), purpose: "rest" } },
        { step: rest(1) },
      ],
      none,
    );
    expect([found.wetting, found.rest, found.cycler]).toEqual([24, 6, 1]);
  });

  it("refuses a step whose hours do not follow", () => {
    expect(() => formationHours([{ step: current(0.1, 4.2) }], none)).toThrow(/Step 1/);
    expect(() => formationHours([{ step: hold(4.2, 0.05), charge: 0.1 }], none)).toThrow(/Step 1/);
  });
});
