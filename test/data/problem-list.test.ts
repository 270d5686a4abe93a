import { describe, expect, it } from "vitest";
import { createProblemList, dataInvalid } from "../../src/data/problem-list.js";

const problem = { where: "line 2", found: "x", expected: "a number", remedy: "Correct it." };

describe("createProblemList", () => {
  it("keeps the first problems and counts all", () => {
    const list = createProblemList(2);
    for (const where of ["a", "b", "c"]) list.add({ ...problem, where });
    expect(list.count).toBe(3);
    expect(list.listed.map(({ where }) => where)).toEqual(["a", "b"]);
  });
});

describe("dataInvalid", () => {
  it("says how many problems there are and what the first one is", () => {
    expect(dataInvalid("runs.csv", [problem]).message).toBe(
      "runs.csv: 1 problem, nothing was imported. line 2: found x, expected a number. Correct it.",
    );
    const many = dataInvalid("runs.csv", [problem, problem], 7);
    expect(many.message).toMatch(
      /^runs\.csv: 7 problems \(the first 2 are listed\), nothing was imported\. The first: line 2/u,
    );
    expect(many.details).toEqual({
      source: "runs.csv",
      problemCount: 7,
      summary: "runs.csv: 7 problems, nothing was imported.",
    });
  });
});
