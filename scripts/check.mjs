// Types, lint, format, unused code; the import table is a test (test/architecture.test.ts).
import { spawnSync } from "node:child_process";

const steps = [
  ["types", ["tsc", "--noEmit", "-p", "."]],
  ["types of what runs in a browser", ["tsc", "--noEmit", "-p", "test/browser"]],
  ["lint", ["eslint", "."]],
  ["format", ["biome", "format", "."]],
  ["unused code", ["knip"]],
  ["architecture", ["vitest", "run", "test/architecture.test.ts"]],
];

const failed = [];
for (const [name, command] of steps) {
  process.stdout.write(`check: ${name}\n`);
  const result = spawnSync("npx", ["--no-install", ...command], { stdio: "inherit" });
  if (result.status !== 0) failed.push(name);
}
process.stdout.write(failed.length === 0 ? "check: all passed\n" : `check: FAILED: ${failed.join(", ")}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
