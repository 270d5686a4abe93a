import { describe, expect, it } from "vitest";
import { closeOn, suggestedPoints } from "../../src/plots/marks.js";

const axis = { label: "", unit: "", values: [0, 100] };
const labels = (points: readonly { x: number; y: number }[], log = false): string[] => {
  const near = closeOn(log ? { label: "", unit: "", scale: "log", values: [0.01, 10] } : axis, axis);
  const data = suggestedPoints("suggested", points, near).data as { label: { formatter: () => string } }[];
  return data.map((d) => d.label.formatter());
};

describe("suggestedPoints", () => {
  it("number the points in their order", () => {
    expect(
      labels([
        { x: 10, y: 10 },
        { x: 50, y: 50 },
        { x: 90, y: 10 },
      ]),
    ).toEqual(["1", "2", "3"]);
  });

  it("write the numbers of neighbours together, so that they do not cover each other", () => {
    expect(
      labels([
        { x: 10, y: 10 },
        { x: 50, y: 50 },
        { x: 12, y: 12 },
      ]),
    ).toEqual(["1, 3", "2", ""]);
  });

  it("measure nearness on the axis as it is drawn", () => {
    const points = [
      { x: 0.011, y: 50 },
      { x: 0.1, y: 50 },
      { x: 0.11, y: 50 },
    ];
    expect(labels(points, true)).toEqual(["1", "2, 3", ""]);
  });
});
