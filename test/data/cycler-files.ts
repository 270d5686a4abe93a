import { findFormationCell } from "../../src/process/formation/formation-cell.js";
import { expandSteps, type Protocol } from "../../src/process/formation/protocol.js";
import { type FormationResult, simulateFormation } from "../../src/process/formation/simulate-formation.js";

/** Rows of a SYNTHETIC formation test, as a cycler would record them. */
export interface SyntheticRow {
  readonly seconds: number;
  readonly stepSeconds: number;
  readonly step: number;
  readonly amps: number;
  readonly volts: number;
}

/** A simulated formation of a cell of 0.5 Ah; the first row of a step repeats the time at which the last one ended. */
export function syntheticTest(protocol: Protocol): {
  readonly rows: readonly SyntheticRow[];
  readonly result: FormationResult;
  readonly capacityAh: number;
} {
  const capacityAh = 0.5;
  const rows: SyntheticRow[] = [];
  let [offset, last, lastStep] = [0, 0, 0];
  const result = simulateFormation(findFormationCell("NMC622/graphite")!, protocol, {}, (sample) => {
    if (sample.step !== lastStep) [offset, lastStep] = [last, sample.step];
    last = offset + sample.seconds;
    rows.push({
      seconds: last,
      stepSeconds: sample.seconds,
      step: sample.step + 1,
      amps: sample.rateC * capacityAh,
      volts: sample.voltageV,
    });
  });
  if (expandSteps(protocol).length !== lastStep + 1) throw new Error("a step left no row");
  return { rows, result, capacityAh };
}

const clock = (seconds: number): string => {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60].map((n) =>
    String(n).padStart(2, "0"),
  );
  return `${parts.join(":")}:${(seconds - 60 * Math.floor(whole / 60)).toFixed(6).padStart(9, "0")}`;
};
const number = (value: number): string => value.toFixed(7);
const state = (amps: number): string => (amps > 0 ? "C" : amps < 0 ? "D" : "R");

/** The same rows in each kind of file, with its quirks: preambles, magnitudes with states, step times, decimal commas. */
export const CYCLER_FILES: Readonly<Record<string, (rows: readonly SyntheticRow[]) => Uint8Array>> = {
  "Battery Data Format": (rows) =>
    utf8([
      "Test Time / s,Voltage / V,Current / A,Cycle Count / 1",
      ...rows.map((r) => [number(r.seconds), number(r.volts), number(r.amps), "1"].join(",")),
    ]),
  "Battery Data Format, machine names": (rows) =>
    utf8([
      "\ufefftest_time_second,voltage_volt,current_ampere",
      ...rows.map((r) => [number(r.seconds), number(r.volts), number(r.amps)].join(",")),
    ]),
  "Neware, step times and mA": (rows) =>
    utf8([
      "Cycle ID,Step ID,Record ID,Time(h:min:s.ms),Voltage(V),Current(mA),Status",
      ...rows.map((r, i) =>
        [1, r.step, i + 1, clock(r.stepSeconds), number(r.volts), number(1000 * r.amps), "CC"].join(","),
      ),
    ]),
  "Neware, total time and step types": (rows) =>
    utf8([
      "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V)",
      ...rows.map((r, i) => {
        const type = { C: "CC Chg", D: "CC DChg", R: "Rest" }[state(r.amps)];
        const [own, total] = [clock(r.stepSeconds), clock(r.seconds)];
        return [i + 1, 1, r.step, type, own, total, number(Math.abs(r.amps)), number(r.volts)].join(",");
      }),
    ]),
  Arbin: (rows) =>
    utf8([
      "Data_Point,Test_Time(s),Date_Time,Step_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)",
      ...rows.map((r, i) =>
        [
          i,
          number(r.seconds),
          "01/02/2026 03:04:05",
          r.stepSeconds,
          r.step,
          1,
          number(r.amps),
          number(r.volts),
        ].join(","),
      ),
    ]),
  Maccor: (rows) =>
    utf8(
      [
        "Today's Date\t01/02/2026",
        "Filename:\tSYNTHETIC\tProcedure: none",
        "Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tAmps\tVolts\tState\tES",
        ...rows.map((r, i) =>
          [
            i,
            0,
            r.step,
            number(r.seconds),
            0,
            0,
            number(Math.abs(r.amps)),
            number(r.volts),
            state(r.amps),
            1,
          ].join("\t"),
        ),
      ],
      "\r\n",
    ),
  "BioLogic, decimal commas and Latin-1": (rows) =>
    Buffer.from(
      [
        "EC-Lab ASCII FILE",
        "Nb header lines : 4                          ",
        "Electrode surface area : 0,001 cm²",
        "mode\tox/red\ttime/s\tcontrol/V/mA\tEwe/V\tI/mA\tdQ/mA.h\t",
        ...rows.map((r) =>
          ["1", "1", number(r.seconds), "0", number(r.volts), number(1000 * r.amps), "0", ""]
            .join("\t")
            .replaceAll(".", ","),
        ),
        "",
      ].join("\r\n"),
      "latin1",
    ),
  "Arbin, semicolons in UTF-16": (rows) =>
    Buffer.from(
      `\ufeff${[
        "Data Point;Test Time (s);Step Index;Current (A);Voltage (V)",
        ...rows.map((r, i) =>
          [i, r.seconds, r.step, r.amps, r.volts].map((v) => number(v).replace(".", ",")).join(";"),
        ),
      ].join("\n")}`,
      "utf16le",
    ),
};

const utf8 = (lines: readonly string[], end = "\n"): Uint8Array =>
  new TextEncoder().encode(`${lines.join(end)}${end}`);

/** A file in pieces of some bytes, so that lines are cut anywhere. */
export async function* inPieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
