import type { EChartsOption } from "echarts";
import { horizontalAxis, layOutAxis, type NumericAxis, verticalAxis } from "./axis.js";
import { frame, type LegendEntry } from "./frame.js";
import { curve, intervals, points } from "./marks.js";
import type { OutcomeQuality, ParityPoint, ReportOutcome } from "./report-data.js";
import { COLORS } from "./theme.js";

const PERFECT = "perfect prediction";

/** Measured against predicted for groups that the model had not seen, with the 95 % interval of one new run. */
export function parityPlot(outcome: ReportOutcome, quality: OutcomeQuality): EChartsOption {
  const here = quality.parity.filter((p) => p.inContext);
  const elsewhere = quality.parity.filter((p) => !p.inContext);
  const values = quality.parity.flatMap((p) => [p.observed, p.mean, ...p.interval95]);
  const axis = (label: string): NumericAxis => ({ label, unit: outcome.unit, values });
  const { min, max } = layOutAxis(axis(""));
  const hereName = elsewhere.length === 0 ? "held-out groups" : "held out, asked state";
  const legend: LegendEntry[] = [];
  if (here.length > 0) legend.push({ name: hereName, color: COLORS.model, icon: "circle" });
  if (elsewhere.length > 0)
    legend.push({ name: "held out, other states", color: COLORS.elsewhere, icon: "emptyCircle" });
  legend.push({ name: PERFECT, color: COLORS.axis, icon: "dashed" });
  return {
    ...frame({
      xAxis: horizontalAxis(axis("predicted without seeing it")),
      yAxis: verticalAxis(axis(`measured ${outcome.label}`)),
      legend,
    }),
    series: [
      curve(
        PERFECT,
        [
          [min, min],
          [max, max],
        ],
        { color: COLORS.axis, dashed: true },
      ),
      ...cloud("held out, other states", elsewhere, COLORS.elsewhere, true),
      ...cloud(hereName, here, COLORS.model, false),
    ],
  };
}

function cloud(name: string, parity: readonly ParityPoint[], color: string, hollow: boolean) {
  if (parity.length === 0) return [];
  const rows = parity.map((p) => [p.observed, ...p.interval95] as const);
  return [
    intervals(name, rows, { color, width: 1.2, direction: "horizontal", cap: 0, opacity: 0.7 }),
    points(
      name,
      parity.map((p) => [p.mean, p.observed]),
      { color, symbol: "circle", size: 9, hollow },
    ),
  ];
}
