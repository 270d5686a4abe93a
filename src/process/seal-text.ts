import { sha256Hex } from "../math/sha256.js";

/** What a writer puts where the checksum belongs: exactly once in a file. */
export const UNSEALED = `sha256:${"0".repeat(64)}`;
const SEAL = /sha256:[0-9a-f]{64}/gu;

/** Writes the checksum into a text: SHA-256 of the text with zeros in its place, so that anyone can recompute it. */
export function sealText(text: string): string {
  return text.replace(UNSEALED, `sha256:${sha256Hex(text)}`);
}

/** Whether a sealed text is as it was written. */
export function sealHolds(text: string): boolean {
  return [...text.matchAll(SEAL)].some(({ 0: found, index }) => {
    const open = text.slice(0, index) + UNSEALED + text.slice(index + found.length);
    return found === `sha256:${sha256Hex(open)}`;
  });
}
