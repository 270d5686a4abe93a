import type { CliEffects } from "./effects.js";
import { wrapText } from "./wrap-text.js";

/** Prints what a person should know beside an answer, on stderr, within the terminal's width. */
export function printNotes(notes: Iterable<string>, effects: Pick<CliEffects, "columns" | "err">): void {
  for (const note of notes) effects.err(`${wrapText(`note: ${note}`, effects.columns, "  ")}\n`);
}

/** Prints what a person must know beside an answer, as the notes are. */
export function printWarnings(
  warnings: Iterable<string>,
  effects: Pick<CliEffects, "columns" | "err">,
): void {
  for (const warning of warnings) effects.err(`${wrapText(`! ${warning}`, effects.columns, "  ")}\n`);
}
