import { describe, expect, it } from "vitest";
import { outputErrorExit } from "../../src/cli/output-error.js";

const failed = (code: string): { exit: number; err: string } => {
  let err = "";
  const exit = outputErrorExit(Object.assign(new Error("write failed"), { code }), (text) => {
    err += text;
  });
  return { exit, err };
};

describe("standard output that cannot be written", () => {
  it("is no fault where the reader of a pipe has seen enough", () => {
    expect(failed("EPIPE")).toEqual({ exit: 0, err: "" });
  });

  it("is said in words where the disk is full", () => {
    const { exit, err } = failed("ENOSPC");
    expect(exit).toBe(2);
    expect(err).toContain("The disk is full");
    expect(err).not.toContain("ENOSPC");
  });
});
