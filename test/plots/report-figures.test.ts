import type { EChartsOption } from "echarts";
import { describe, expect, it } from "vitest";
import { wilsonInterval } from "../../src/plots/coverage-plot.js";
import { type ReportFigure, reportFigures } from "../../src/plots/report-figures.js";
import { sampleReport } from "./sample-report.js";

interface Series {
  readonly name: string;
  readonly type: string;
  readonly data: readonly unknown[];
  readonly markArea?: { readonly data: unknown };
  readonly markLine?: { readonly data: unknown };
}

const figures = reportFigures(sampleReport());
const seriesOf = (option: EChartsOption): Series[] => option.series as unknown as Series[];
const named = (figure: ReportFigure, name: string): Series[] =>
  seriesOf(figure.option).filter((s) => s.name === name);
const first = (section: ReportFigure["section"], title = ""): ReportFigure =>
  figures.find((f) => f.section === section && f.title.includes(title))!;
const axisNames = ({ option }: ReportFigure): string[] =>
  [option.xAxis, option.yAxis].map((axis) => (axis as { name: string }).name).filter((name) => name !== "");
const legendNames = ({ option }: ReportFigure): string[] =>
  (option.legend as { data: { name: string }[] }[]).flatMap((l) => l.data.map((d) => d.name));

describe("the figures of a report", () => {
  it("are one for each prediction, test, response and history, with different ids", () => {
    const count = (section: ReportFigure["section"]): number =>
      figures.filter((f) => f.section === section).length;
    expect([count("predictions"), count("trade-off"), count("parity"), count("coverage")]).toEqual([
      4, 1, 4, 1,
    ]);
    expect([count("response"), count("map"), count("history")]).toEqual([8, 1, 2]);
    expect(new Set(figures.map((f) => f.id)).size).toBe(figures.length);
  });

  it("name every quantity on an axis with its unit", () => {
    for (const figure of figures) {
      for (const name of axisNames(figure))
        expect(name).toMatch(/\((mAh\/cm³|%|kPa|g\/cm³|°C)\)$|^trial, in the order of the data$/);
    }
  });

  it("explain every mark in the legend, and nothing that is not drawn", () => {
    for (const figure of figures) {
      const drawn = new Set(
        seriesOf(figure.option)
          .filter((s) => s.data.length > 0 || s.markLine !== undefined)
          .map((s) => s.name),
      );
      expect(new Set(legendNames(figure)), figure.id).toEqual(drawn);
    }
  });

  it("carry words for those who do not see them", () => {
    for (const figure of figures) expect(figure.alt.length).toBeGreaterThan(30);
    expect(first("predictions", "5C").alt).toBe(
      "Predicted capacity 5C volumetric: run 1 196 mAh/cm³ (143 to 249); run 2 201 mAh/cm³ (79 to 323); run 3 204 mAh/cm³ (82 to 326); run 4 182 mAh/cm³ (96 to 267).",
    );
  });

  it("are none where there is nothing to show", () => {
    const empty = sampleReport({ quality: [], slices: [], maps: [], history: [], suggestions: [] });
    const { tradeOff, ...rest } = empty;
    expect(tradeOff).toBeDefined();
    expect(reportFigures(rest)).toEqual([]);
  });
});

describe("suggestionDotPlot", () => {
  it("shows each run's mean and interval, the limits and the best so far", () => {
    const figure = first("predictions", "5C");
    const { predictions } = sampleReport().suggestions[0]!;
    const { mean, interval95 } = predictions["capacity_5c_volumetric"]!;
    expect(named(figure, "expected")[0]!.data[0]).toEqual([mean, "run 1"]);
    expect(named(figure, "95 %: one new run")[0]!.data[0]).toEqual([0, ...interval95]);
    expect(named(figure, "best measured")[0]!.markLine!.data).toEqual([{ xAxis: 223.4 }]);
    expect(named(figure, "useful above 100 mAh/cm³")[0]!.markLine!.data).toEqual([{ xAxis: 100 }]);
  });

  it("shades the specification, to the end of the axis where it is open", () => {
    expect(named(first("predictions", "Porosity"), "specification 28 to 36 %")[0]!.markArea!.data).toEqual([
      [{ xAxis: 28 }, { xAxis: 36 }],
    ]);
    const strength = first("predictions", "Tensile");
    const { max } = strength.option.xAxis as { max: number };
    expect(named(strength, "specification at least 600 kPa")[0]!.markArea!.data).toEqual([
      [{ xAxis: 600 }, { xAxis: max }],
    ]);
  });
});

describe("parityPlot", () => {
  it("puts predictions along, measurements up, and the asked state apart from the others", () => {
    const figure = first("parity", "Porosity");
    const { parity } = sampleReport().quality[2]!;
    const here = parity.filter((p) => p.inContext);
    const [bars, dots] = named(figure, "held out, asked state");
    expect(dots!.data).toEqual(here.map((p) => [p.mean, p.observed]));
    expect(bars!.data).toEqual(here.map((p) => [p.observed, ...p.interval95]));
    expect(named(figure, "held out, other states")[1]!.data).toHaveLength(9);
    expect(figure.caption).toContain("R² over all groups 0.96, in the asked state 0.95");
  });
});

describe("responseSlicePlot", () => {
  it("shows both bands, the mean, what was measured and where the suggestions lie", () => {
    const figure = first("response", "Porosity after by target density");
    const slice = sampleReport().slices[4]!;
    expect(named(figure, "95 %: one new run")[0]!.data[0]).toEqual([2.7, ...slice.observed95[0]!]);
    expect(named(figure, "95 %: true mean")[0]!.data[40]).toEqual([slice.at[40], ...slice.latent95[40]!]);
    expect(named(figure, "model mean")[0]!.data).toHaveLength(41);
    expect(named(figure, "measured").map((s) => s.data.length)).toEqual([6, 3]);
    const suggested = named(figure, "suggested")[0]!.data as { value: unknown; itemStyle?: unknown }[];
    expect(suggested.map((s) => s.itemStyle !== undefined)).toEqual([false, false, true, true]);
    expect(figure.caption).toBe("At roll temperature 120 °C, target coating weight 182.73 g/m².");
  });

  it("draws a parameter of choices as intervals over names", () => {
    const data = sampleReport();
    const slice = {
      ...data.slices[0]!,
      parameter: "preheating",
      at: ["off", "on"],
      mean: [1, 2],
      latent95: [
        [0, 2],
        [1, 3],
      ] as const,
      observed95: [
        [-1, 3],
        [0, 4],
      ] as const,
      measured: [{ x: "on", y: 2, onSlice: true }],
    };
    const inputs = [
      ...data.inputs,
      {
        name: "preheating",
        label: "preheating",
        unit: "1",
        role: "parameter" as const,
        scale: "linear" as const,
        choices: ["off", "on"],
      },
    ];
    const figure = reportFigures({ ...data, inputs, slices: [slice] }).find((f) => f.section === "response")!;
    expect(figure.option.xAxis).toMatchObject({ type: "category", data: ["off", "on"] });
    expect(named(figure, "95 %: one new run")[0]!.data).toEqual([
      [0, -1, 3],
      [1, 0, 4],
    ]);
    expect(named(figure, "model mean")[0]!.data).toEqual([
      ["off", 1],
      ["on", 2],
    ]);
  });
});

describe("tradeOffPlot", () => {
  it("shows measured points of the asked state, the front with its uncertainty and both thresholds", () => {
    const figure = first("trade-off");
    expect(named(figure, "measured")[0]!.data).toHaveLength(9);
    expect(named(figure, "measured, other states")[0]!.data).toHaveLength(0);
    expect(named(figure, "best compromises")[0]!.data).toHaveLength(8);
    expect(named(figure, "useful above 430 mAh/cm³")[0]!.markLine!.data).toEqual([{ xAxis: 430 }]);
    expect(named(figure, "useful above 100 mAh/cm³")[0]!.markLine!.data).toEqual([{ yAxis: 100 }]);
    expect(figure.caption).toContain(
      "Higher is better for capacity 0.2C volumetric, higher for capacity 5C volumetric.",
    );
  });
});

describe("coveragePlot", () => {
  it("shows the share that was held with what so few runs can tell", () => {
    const figure = first("coverage");
    const held = named(figure, "held")[0]!.data as [number, string][];
    expect(held[2]).toEqual([(100 * 14) / 18, "porosity after\n14 of 18"]);
    const [, low, high] = named(figure, "what so few runs can tell")[0]!.data[2] as number[];
    expect([low! / 100, high! / 100]).toEqual(
      wilsonInterval(14, 18).map((v) => expect.closeTo(v, 12) as number),
    );
  });

  it("takes the interval of Wilson for a share", () => {
    // Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263 gives .2553 to .3662
    expect(wilsonInterval(81, 263).map((v) => v.toFixed(4))).toEqual(["0.2553", "0.3662"]);
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
    expect(wilsonInterval(18, 18)[1]).toBe(1);
  });
});

describe("responseMapPlot and trialHistoryPlot", () => {
  it("colour the predicted mean and show what was tried", () => {
    const figure = first("map");
    const map = sampleReport().maps[0]!;
    const tiles = seriesOf(figure.option)[0]!;
    expect(tiles.name).toBe("colour: capacity 5C volumetric (mAh/cm³)");
    expect(tiles.data).toHaveLength(map.xs.length * map.ys.length);
    expect(tiles.data[map.xs.length + 2]).toEqual([map.xs[2], map.ys[1], map.mean[1]![2]]);
    expect(named(figure, "tried, larger: more often")).toHaveLength(9);
  });

  it("follow the order of the data and put the suggestions after it", () => {
    const figure = first("history", "5C");
    expect(named(figure, "measured")[0]!.data[0]).toEqual([10, 40.9]);
    const suggested = named(figure, "suggested")[0]!.data as { value: number[] }[];
    expect(suggested.map((s) => s.value[0])).toEqual([19, 20, 21, 22]);
  });

  it("mark failed trials at the bottom", () => {
    const data = sampleReport();
    const [history] = data.history;
    const points = [
      ...history!.points,
      { order: 19, label: "x", value: null, status: "failed" as const, inContext: true },
    ];
    const figure = reportFigures({ ...data, history: [{ ...history!, points }] }).find(
      (f) => f.section === "history",
    )!;
    expect(named(figure, "failed")[0]!.data).toHaveLength(1);
    expect(legendNames(figure)).toContain("failed");
  });
});
