import { describe, expect, it } from "vitest";
import { patentedFamilies } from "../../../src/process/formation/patented-families.js";
import { familyDefaults } from "../../../src/process/formation/protocol-family.js";

const defaults = familyDefaults({ upperVoltageV: 4.2, lowerVoltageV: 2.8 });
const patents = (change: object): string[] =>
  patentedFamilies({ ...defaults, ...change }).map((f) => f.patent);

describe("patentedFamilies", () => {
  it("names the shallow-cycling family", () => {
    expect(
      patents({
        c_rate_cc1: 1,
        v_cutoff_cc1: 3.9,
        c_rate_cc2: 0.2,
        n_shallow_cycles: 5,
        v_lower_shallow: 3.9,
      }),
    ).toEqual(["US 10,910,628"]);
  });

  it("names the slow-then-fast family", () => {
    expect(patents({ c_rate_cc1: 0.05, c_rate_cc2: 0.3 })).toEqual(["US 9,276,293"]);
  });

  it("names none for an ordinary slow formation", () => {
    expect(patents({})).toEqual([]);
  });
});
