import type { ExitCode } from "./exit-code.js";

/**
 * What to do when standard output cannot be written: a pipe that its reader closed (`cellwright … | head`) is the
 * reader's right; anything else, such as a full disk behind `>`, is said and ends the program.
 */
export function outputErrorExit(error: NodeJS.ErrnoException, err: (text: string) => void): ExitCode {
  if (error.code === "EPIPE") return 0;
  const reason = error.code === "ENOSPC" ? "The disk is full: free some space" : "Write it elsewhere";
  err(`cellwright: Standard output cannot be written. ${reason} and try again. Stored runs are whole.\n`);
  return 2;
}
