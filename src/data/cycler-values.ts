import type { DecimalMark } from "./parse-options.js";

const CLOCK = /^(?:(\d+) ?d(?:ays?)? ?)?(\d+):(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)$/u;

/** Seconds of `12:34:56.7`, `1d 02:03:04`; NaN where it is no such time. */
export function clockSeconds(text: string): number {
  const match = CLOCK.exec(text);
  if (match === null) return Number.NaN;
  const [, days = "0", hours, minutes, seconds] = match;
  return (
    ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds!.replace(",", "."))
  );
}

/** Reads numbers of one file; `mark` is what it has seen so far, `mixed` whether both were. */
export interface MarkedNumbers {
  read(text: string): number;
  readonly mixed: boolean;
}

/** @param declared - The decimal mark, where the user says so; found out from the first number that has one, else. */
export function createMarkedNumbers(declared: DecimalMark | undefined): MarkedNumbers {
  let mark = declared;
  let mixed = false;
  return {
    read(text) {
      const comma = text.indexOf(",") >= 0;
      if (comma || text.indexOf(".") >= 0) {
        const found = comma ? "," : ".";
        mark ??= found;
        if (mark !== found) {
          mixed = true;
          return Number.NaN;
        }
      }
      if (text === "" || text.charCodeAt(1) === 120) return Number.NaN; // empty, 0x…
      const value = Number(comma ? text.replace(",", ".") : text);
      return Number.isFinite(value) ? value : Number.NaN;
    },
    get mixed() {
      return mixed;
    },
  };
}

/** What a cycler says that it is doing: C, D, CC Chg, CCCV DChg, Charge, Rest … */
export function stateDirection(state: string): 1 | -1 | 0 {
  if (/^d$|d[\s_]?chg|disch/iu.test(state)) return -1;
  return /^c$|chg|charge/iu.test(state) ? 1 : 0;
}
