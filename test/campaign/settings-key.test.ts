import { describe, expect, it } from "vitest";
import { settingsKey, sortById } from "../../src/campaign/settings-key.js";
import { spellingRemedy } from "../../src/campaign/spelling.js";

describe("settingsKey", () => {
  it("is one text per settings, whatever the order of names", () => {
    expect(settingsKey({ b: 1, a: "x" })).toBe(settingsKey({ a: "x", b: 1 }));
    expect(settingsKey({ a: 0 })).toBe(settingsKey({ a: -0 }));
    expect(settingsKey({ a: 1 })).not.toBe(settingsKey({ a: "1" }));
  });
});

describe("sortById", () => {
  it("orders by code unit and leaves its argument alone", () => {
    const trials = [{ id: "b" }, { id: "B" }, { id: "a" }];
    expect(sortById(trials).map((t) => t.id)).toEqual(["B", "a", "b"]);
    expect(trials[0]?.id).toBe("b");
  });
});

describe("spellingRemedy", () => {
  it("offers the near name, else what there is", () => {
    expect(spellingRemedy("porosty", ["porosity", "load"])).toBe("Did you mean porosity?");
    expect(spellingRemedy("zzz", ["porosity", "load"])).toBe("Known: porosity, load.");
    expect(spellingRemedy("zzz", [])).toBe("There is none.");
    expect(
      spellingRemedy(
        "zzz",
        Array.from({ length: 20 }, (_, i) => `n${i}`),
      ),
    ).toMatch(/n11, …\.$/);
  });
});
