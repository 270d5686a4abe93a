#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import process from "node:process";

enableCompileCache?.();
const { run } = await import("./run.js");

// `cellwright … | head` closes the pipe early; that is the reader's right, not a fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

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
