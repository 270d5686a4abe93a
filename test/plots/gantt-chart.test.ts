import { describe, expect, it } from "vitest";
import { renderSvg } from "../../src/adapters/render-plot.js";
import { ganttChart, ganttSize } from "../../src/plots/gantt-chart.js";

const job = { id: "cell <1>", channel: 1, start: 0, end: 30, oven: { name: "25", slot: 1 }, running: false };
const second = { ...job, id: "b", channel: 3, start: 10, end: 20, oven: { name: "45", slot: 1 } };
const from = "2026-11-23 08:00 UTC";

describe("the chart of channels", () => {
  it("draws every cell on its channel, in proportion to its hours, coloured by its oven", async () => {
    const option = ganttChart({ jobs: [job, second], ovenUnit: "degC", from, title: "A & B" });
    const svg = await renderSvg(option, ganttSize(option), "plan");
    const bars = [...svg.matchAll(/<path d="M([\d.]+) ([\d.]+)l([\d.]+) 0l0 22l[^"]*" fill="(#\w+)"/gu)].map(
      ([, x, y, width, color]) => ({ x: Number(x), y: Number(y), width: Number(width), color }),
    );
    expect(bars).toHaveLength(2);
    const perHour = bars[0]!.width / 30;
    expect(bars[1]!.width / perHour).toBeCloseTo(10, 1);
    expect((bars[1]!.x - bars[0]!.x) / perHour).toBeCloseTo(10, 1);
    expect(bars[1]!.y).toBeGreaterThan(bars[0]!.y);
    expect(bars[0]!.color).not.toBe(bars[1]!.color);
    for (const text of ["A &amp; B", "cell &lt;1&gt;", "channel 1", "channel 3", "in the oven at 25 °C"])
      expect(svg).toContain(text);
    expect(svg).not.toContain("channel 2");
    expect(svg).toContain("hours from 2026-11-23 08:00 UTC");
  });

  it("says which cells are on their channels already, and only where there are any", () => {
    const names = (running: boolean): readonly unknown[] =>
      (ganttChart({ jobs: [{ ...job, running }, second], from }).series as readonly { name: string }[]).map(
        ({ name }) => name,
      );
    expect(names(true)).toContain("paler: on its channel already");
    expect(names(false)).not.toContain("paler: on its channel already");
  });

  it("grows with the channels in use and has whole parts of days on its axis", () => {
    const many = Array.from({ length: 9 }, (_, i) => ({ ...job, channel: i + 1, end: 130 }));
    const option = ganttChart({ jobs: many, from });
    expect(ganttSize(option).height - ganttSize(ganttChart({ jobs: [job, second], from })).height).toBe(
      7 * 28,
    );
    const { axisLabel } = option.xAxis as { axisLabel: { customValues: readonly number[] } };
    expect(axisLabel.customValues).toEqual([0, 24, 48, 72, 96, 120]);
  });
});
