#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import process from "node:process";

enableCompileCache?.();
const { run } = await import("./run.js");

const controller = new AbortController();
process.once("SIGINT", () => controller.abort());
process.once("SIGTERM", () => controller.abort());
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
  signal: controller.signal,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  now: () => new Date(),
});
