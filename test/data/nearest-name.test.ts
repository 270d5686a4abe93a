import { describe, expect, it } from "vitest";
import { nearestName } from "../../src/data/nearest-name.js";

const columns = ["line_load", "line_speed", "porosity", "roll_temperature", "on"];

describe("nearestName", () => {
  it.each([
    ["Line Load", "line_load"],
    ["line-load [N/mm]", "line_load"],
    ["lineload", "line_load"],
    ["porositiy", "porosity"],
    ["poroisty", "porosity"],
    ["prosity", "porosity"],
    ["roll_temprature", "roll_temperature"],
    ["ON", "on"],
  ])("knows what %s means", (name, meant) => {
    expect(nearestName(name, columns)).toBe(meant);
  });

  it.each(["adhesion", "line", "temperature", "", "[N/mm]", "of the coil"])(
    "does not guess at %j",
    (name) => {
      expect(nearestName(name, columns)).toBeUndefined();
    },
  );
});
