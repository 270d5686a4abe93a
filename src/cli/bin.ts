#!/usr/bin/env node
import module from "node:module";
import process from "node:process";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `cellwright: found Node ${process.versions.node}, expected 22.18 or newer. Install a newer Node, or in a clone run it as: npm run cellwright -- --help\n`,
  );
  process.exit(2);
}
module.enableCompileCache();
const { run } = await import("./run.js");
const { outputErrorExit } = await import("./output-error.js");

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(outputErrorExit(error, (text) => process.stderr.write(text)));
});
// Whoever closed standard error does not want to read why.
process.stderr.on("error", () => undefined);

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  stderrIsTerminal: process.stderr.isTTY,
  // Ctrl-C ends the process at once; files are whole because every write is atomic.
  signal: new AbortController().signal,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  now: () => new Date(),
});
