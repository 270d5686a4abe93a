import { describe, expect, it } from "vitest";
import { ganttChart } from "../../src/plots/gantt-chart.js";

const bar = { label: "cell <1>", row: 1, start: 0, end: 10, group: "oven at 25", running: false };

describe("the chart of channels", () => {
  it("draws every cell on its row, in proportion to its hours, and escapes names", () => {
    const svg = ganttChart({
      bars: [bar, { ...bar, label: "b", row: 2, start: 10, end: 20, group: "oven at 45" }],
      ...{ rows: 2, title: "A & B" },
    });
    const bars = [
      ...svg.matchAll(/<g><title>[^<]*<\/title><rect x="([\d.]+)" y="(\d+)" width="([\d.]+)"/gu),
    ].map((m) => m.slice(1).map(Number));
    expect(bars).toEqual([
      [92, 37, 324],
      [416, 63, 324],
    ]);
    expect(svg).toContain("A &amp; B");
    expect(svg).toContain("cell &lt;1&gt;: 0 to 10 h");
    expect(svg.match(/oven at/gu)).toHaveLength(2);
  });

  it("draws a plan without cells", () => {
    expect(ganttChart({ bars: [], rows: 1, title: "none" })).toContain("channel 1");
  });
});
