import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import type { CliEffects } from "../../src/cli/effects.js";
import { type Ran, runCli } from "./fake-effects.js";

/** A folder of its own for each test of a file. */
export interface ScratchFolder {
  path(name?: string): string;
  write(name: string, content: string | Uint8Array): string;
  read(name: string): string;
  /** Runs a command line in the folder. */
  run(argv: readonly string[], overrides?: Partial<CliEffects>): Promise<Ran>;
  /** Runs a command line that must be refused as the user's mistake, and returns what it says. */
  refused(...argv: readonly string[]): Promise<string>;
}

export function scratchFolder(): ScratchFolder {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cellwright-errors-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name = "."): string => join(folder, name);
  return {
    path,
    write(name, content) {
      writeFileSync(path(name), content);
      return name;
    },
    read: (name) => readFileSync(path(name), "utf8"),
    run: (argv, overrides) => runCli(folder, argv, overrides),
    refused: async (...argv) => expectRefusal(await runCli(folder, argv)),
  };
}

/** What every refusal has in common: exit code 2, nothing on standard output, words for people. */
export function expectRefusal({ code, out, err }: Ran): string {
  expect(err).toMatch(/^cellwright: \S/u);
  expect([code, out]).toEqual([2, ""]);
  expect(err).not.toMatch(/^\s+at .*:\d+:\d+/mu); // a stack trace
  expect(err).not.toMatch(/a fault of ours|undefined|\[object|(?<!found )NaN(?!")|\bE[A-Z]{4,}\b/u); // our words, or the system's
  expect(err).not.toMatch(/\d\.\d{12}/u); // float noise
  const lines = err.trimEnd().split("\n");
  expect(new Set(lines).size).toBe(lines.length); // nothing said twice
  return err;
}

/** A campaign with a parameter of each kind, a context and two outcomes; `more` is added as YAML. */
export function campaignYaml(more = ""): string {
  return `campaign: hostile
group: coil
parameters:
  line_load: { unit: N/mm, min: 200, max: 1600, scale: log }
  roll_temperature: { unit: degC, min: 25, max: 120, step: 5 }
  passes: { type: integer, min: 1, max: 3 }
  preheating: { choices: ["off", "on"] }
context:
  initial_porosity: { unit: "%", min: 35, max: 60, value: 44 }
outcomes:
  porosity: { unit: "%", spec: { min: 28, max: 32 } }
  adhesion: { unit: N/m, goal: maximize }
${more}`;
}

/** The header that belongs to `campaignYaml`. */
export const HEADER =
  "trial,coil,line_load [N/mm],roll_temperature [degC],passes,preheating,initial_porosity [%],porosity [%],adhesion [N/m]";

/** Rows below `HEADER`, with a line break after each. */
export function csvText(...rows: readonly string[]): string {
  return `${[HEADER, ...rows].join("\n")}\n`;
}
