import type { CustomSeriesOption, EChartsOption } from "echarts";
import type { ProcessWindow, WindowMap, WindowSide } from "../campaign/window-answer.js";
import { horizontalAxis, type NumericAxis, verticalAxis } from "./axis.js";
import { colourBar } from "./colour-bar.js";
import { formatTick } from "./format.js";
import { frame, type LegendEntry } from "./frame.js";
import { curve, points } from "./marks.js";
import type { ReportInput } from "./report-data.js";
import { COLORS, SEQUENTIAL } from "./theme.js";
import { tiles } from "./tiles.js";

const KEPT = "run inside its specifications";
const MISSED = "run outside";
const BOX = "window";
const COLOUR = "colour: probability";

/** Probability that the specifications hold over two settings (or along one), with the box, its centre and past runs. */
export function windowMapPlot(
  answer: Pick<ProcessWindow, "box" | "probability">,
  map: WindowMap,
  inputs: { readonly x: ReportInput; readonly y?: ReportInput },
): EChartsOption {
  const sideOf = (name: string | undefined): WindowSide | undefined =>
    answer.box?.sides.find(({ parameter }) => parameter === name);
  const [x, y] = [sideOf(map.x), sideOf(map.y)];
  return inputs.y === undefined
    ? alongOne(answer.probability, map, inputs.x, x)
    : overTwo(map, inputs.x, inputs.y, x, y);
}

/** Numbers that an axis must hold. */
const ends = (side: WindowSide | undefined): readonly number[] =>
  side === undefined ? [] : [side.from - side.tolerance, side.to + side.tolerance];

function axisOf(input: ReportInput, values: readonly number[]): NumericAxis {
  return { label: input.label, unit: input.unit, scale: input.scale, tight: true, values };
}

const legendOf = (box: boolean): LegendEntry[] => [
  { name: KEPT, color: COLORS.measured, icon: "circle" },
  { name: MISSED, color: COLORS.measured, icon: "emptyCircle" },
  ...(box ? [{ name: BOX, color: COLORS.suggested, icon: "diamond" as const }] : []),
];

function runsOf(map: WindowMap, y: (run: WindowMap["runs"][number]) => number) {
  const style = { color: COLORS.measured, symbol: "circle", size: 8 } as const;
  const at = (inside: boolean) =>
    map.runs.filter((run) => run.inside === inside).map((run) => [run.x, y(run)]);
  return [points(KEPT, at(true), style), points(MISSED, at(false), { ...style, hollow: true })];
}

function overTwo(
  map: WindowMap,
  xInput: ReportInput,
  yInput: ReportInput,
  x: WindowSide | undefined,
  y: WindowSide | undefined,
): EChartsOption {
  const drawn = x !== undefined && y !== undefined;
  const base = frame({
    right: 76,
    xAxis: horizontalAxis(axisOf(xInput, [...map.xs, ...map.runs.map((run) => run.x), ...ends(x)])),
    yAxis: verticalAxis(axisOf(yInput, [...map.ys, ...map.runs.map((run) => run.y), ...ends(y)])),
    legend: [...legendOf(drawn), { name: COLOUR, color: SEQUENTIAL[3]!, icon: "roundRect" }],
  });
  return {
    ...base,
    visualMap: colourBar([0, 1], formatTick),
    series: [
      tiles(COLOUR, map.xs, map.ys, map.probability),
      ...runsOf(map, (run) => run.y),
      ...(drawn ? [boxOutline(x, y), centreMark(x.centre, y.centre)] : []),
    ],
  };
}

const centreMark = (x: number, y: number) =>
  points(BOX, [[x, y]], { color: COLORS.suggested, symbol: "diamond", size: 11 });

/** The sides of the box, and thinner its tolerance. */
function boxOutline(x: WindowSide, y: WindowSide): CustomSeriesOption {
  const boxes = [
    { reach: 0, lineWidth: 2.5 },
    ...(x.tolerance > 0 || y.tolerance > 0 ? [{ reach: 1, lineWidth: 1 }] : []),
  ];
  return {
    type: "custom",
    name: BOX,
    clip: true,
    silent: true,
    z: 5,
    encode: { x: 0, y: 1 },
    data: boxes.map(() => [x.from, y.from]),
    renderItem: (params, api) => {
      const { reach, lineWidth } = boxes[params.dataIndexInside]!;
      const [left, top] = api.coord([x.from - reach * x.tolerance, y.to + reach * y.tolerance]);
      const [right, bottom] = api.coord([x.to + reach * x.tolerance, y.from - reach * y.tolerance]);
      const shape = { x: left!, y: top!, width: right! - left!, height: bottom! - top! };
      return { type: "rect", shape, style: { stroke: COLORS.suggested, fill: "none", lineWidth } };
    },
  };
}

function alongOne(
  probability: number,
  map: WindowMap,
  input: ReportInput,
  side: WindowSide | undefined,
): EChartsOption {
  const row = map.probability[0]!;
  const line = map.xs.flatMap((x, i): [number, number][] => (row[i] === null ? [] : [[x, row[i]!]]));
  const stated = `stated: ${Number((100 * probability).toPrecision(4))} %`;
  const base = frame({
    xAxis: horizontalAxis(axisOf(input, [...map.xs, ...map.runs.map((run) => run.x), ...ends(side)])),
    yAxis: verticalAxis({ label: "probability", unit: "1", values: [0, 1] }),
    legend: [
      ...legendOf(side !== undefined),
      { name: stated, color: COLORS.specification, icon: "roundRect" },
    ],
  });
  const [from, to] = [map.xs[0]!, map.xs.at(-1)!];
  const box =
    side === undefined
      ? []
      : [
          curve(
            BOX,
            [
              [side.from, 0.02],
              [side.to, 0.02],
            ],
            { color: COLORS.suggested },
          ),
          centreMark(side.centre, 0.02),
        ];
  return {
    ...base,
    series: [
      curve("probability", line),
      curve(
        stated,
        [
          [from, probability],
          [to, probability],
        ],
        { color: COLORS.specification, dashed: true },
      ),
      ...runsOf(map, (run) => (run.inside ? 1 : 0)),
      ...box,
    ],
  };
}
