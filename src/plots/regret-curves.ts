import type { EChartsOption } from "echarts";
import { horizontalAxis, type NumericAxis, verticalAxis } from "./axis.js";
import { frame, type LegendEntry } from "./frame.js";
import { band, curve } from "./marks.js";
import { COLORS } from "./theme.js";

/** Campaigns on one benchmark problem: what was missing to the optimum after each run. */
export interface RegretCurves {
  /** Regret, hypervolume gap, … */
  readonly measure: string;
  /** Campaigns behind the quartiles. */
  readonly campaigns: number;
  /** 25, 50 and 75 % quantiles after each run, the first run first. */
  readonly ours: readonly (readonly [number, number, number])[];
  /** Medians of random search after each run; may be empty. */
  readonly random: readonly number[];
  /** Recorded medians [run, gap] of others. */
  readonly peers: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
  /** Last run of the initial design: curves begin there. */
  readonly from: number;
}

/** Colours of peers, told apart by their dashes from ours (Okabe & Ito, as all others). */
const PEER_COLORS = ["#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8f5a1f", "#6b6b6b"] as const;
/** Regrets below this print alike. */
const LEAST = 1e-6;

/** Median gap over the runs with the middle half of campaigns shaded, beside random search and the peers' records. */
export function regretCurves({ measure, campaigns, ours, random, peers, from }: RegretCurves): EChartsOption {
  const runs = ours.length;
  const along = (gaps: readonly number[]): (readonly [number, number])[] =>
    gaps.flatMap((gap, k) => (k + 1 < from ? [] : [[k + 1, Math.max(gap, LEAST)] as const]));
  const [low, middle, high] = ([0, 1, 2] as const).map((q) => along(ours.map((quartiles) => quartiles[q])));
  const median = along(random);
  const shown = peers.map((peer, k) => ({
    ...peer,
    points: peer.points
      .filter(([run]) => run >= from)
      .map(([run, gap]) => [run, Math.max(gap, LEAST)] as const),
    color: PEER_COLORS[k % PEER_COLORS.length]!,
  }));
  const xAxis: NumericAxis = { label: "runs", unit: "1", values: [from, runs], tight: true };
  const values = [...low!, ...high!, ...median, ...shown.flatMap(({ points }) => points)].map(
    ([, gap]) => gap,
  );
  const yAxis: NumericAxis = { label: measure, unit: "1", scale: "log", values };
  const OURS = `Cellwright, median of ${campaigns}`;
  const HALF = "middle half of campaigns";
  const RANDOM = "random search";
  const legend: LegendEntry[] = [
    { name: OURS, color: COLORS.model, icon: "line" },
    { name: HALF, color: COLORS.model, icon: "roundRect", opacity: 0.2 },
    ...(random.length > 0 ? [{ name: RANDOM, color: COLORS.elsewhere, icon: "line" as const }] : []),
    ...shown.map(({ name, color }) => ({ name, color, icon: "dashed" as const })),
  ];
  return {
    ...frame({
      xAxis: { ...horizontalAxis(xAxis), name: "runs" },
      yAxis: { ...verticalAxis(yAxis), name: measure },
      legend,
    }),
    series: [
      band(
        HALF,
        low!.map(([run, gap], k) => [run, gap, high![k]![1]]),
        0.2,
      ),
      curve(RANDOM, median, { color: COLORS.elsewhere }),
      ...shown.map(({ name, points, color }) => curve(name, points, { color, dashed: true })),
      curve(OURS, middle!),
    ],
  };
}
