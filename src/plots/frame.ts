import type { EChartsOption, XAXisComponentOption, YAXisComponentOption } from "echarts";
import { LEFT_MARGIN } from "./axis.js";
import { COLORS, FIGURE_WIDTH, type FigureSize, FONT_FAMILY, FONT_SIZE, textWidth } from "./theme.js";

/** A name of the legend, with the shape and colour of its marks. */
export interface LegendEntry {
  readonly name: string;
  readonly color: string;
  readonly icon: "circle" | "emptyCircle" | "diamond" | "roundRect" | "line" | "triangle" | "dashed";
  readonly opacity?: number;
}

export interface FrameOptions {
  readonly xAxis: XAXisComponentOption;
  readonly yAxis: YAXisComponentOption;
  readonly legend: readonly LegendEntry[];
  /** Overrides the room for the labels of the left axis, px. */
  readonly left?: number;
  /** Overrides the room on the right, px. */
  readonly right?: number;
}

const ROW_HEIGHT = 21;
const SYMBOL_WIDTH = 16;
/** Room above the plot with and without a title of the left axis, px. */
const TOP = { titled: 34, untitled: 12 };
/** Room for the labels and the title of the bottom axis, px. */
const BOTTOM = 52;
/** Height of the plot itself, px. */
const PLOT_HEIGHT = 230;

/** What all figures share: fonts, margins that fit the labels, and a legend in two columns that never covers the plot. */
export function frame({ xAxis, yAxis, legend, left, right }: FrameOptions): EChartsOption {
  const rows = legendRows(legend);
  const titled = typeof yAxis.name === "string" && yAxis.name !== "";
  return {
    animation: false,
    backgroundColor: COLORS.paper,
    textStyle: { fontFamily: FONT_FAMILY, fontSize: FONT_SIZE, color: COLORS.text },
    grid: {
      left: left ?? LEFT_MARGIN,
      right: right ?? 18,
      top: titled ? TOP.titled : TOP.untitled,
      bottom: BOTTOM + rows.length * ROW_HEIGHT,
      outerBoundsMode: "none",
    },
    xAxis,
    yAxis,
    legend: rows.flatMap((row, i) =>
      row.map((entry, column) =>
        legendItem(entry, 6 + (column * FIGURE_WIDTH) / 2, 4 + (rows.length - 1 - i) * ROW_HEIGHT),
      ),
    ),
  };
}

/** Size at which a framed option has a plot of the usual height, or of `plotHeight` px. */
export function figureSize(option: EChartsOption, plotHeight = PLOT_HEIGHT): FigureSize {
  const grid = Array.isArray(option.grid) ? option.grid[0] : option.grid;
  return { width: FIGURE_WIDTH, height: Number(grid?.top ?? 0) + plotHeight + Number(grid?.bottom ?? 0) };
}

function legendItem(entry: LegendEntry, left: number, bottom: number) {
  return {
    left,
    bottom,
    padding: 3,
    itemWidth: SYMBOL_WIDTH,
    itemHeight: 10,
    selectedMode: false,
    textStyle: { color: COLORS.text, fontSize: FONT_SIZE },
    data: [{ name: entry.name, icon: ICONS[entry.icon], ...symbolStyle(entry) }],
  };
}

/** Two entries a row; one that is wider than half the figure has a row of its own. */
function legendRows(legend: readonly LegendEntry[]): LegendEntry[][] {
  const rows: LegendEntry[][] = [];
  let open = false;
  for (const entry of legend) {
    const wide = SYMBOL_WIDTH + 14 + textWidth(entry.name) > FIGURE_WIDTH / 2;
    if (open && !wide) rows.at(-1)!.push(entry);
    else rows.push([entry]);
    open = !wide && !open;
  }
  return rows;
}

const ICONS: Readonly<Record<LegendEntry["icon"], string>> = {
  circle: "circle",
  emptyCircle: "circle",
  diamond: "diamond",
  roundRect: "roundRect",
  triangle: "triangle",
  line: "path://M0,4 L16,4 L16,6.4 L0,6.4 Z",
  dashed: "path://M0,4 L5,4 L5,6.4 L0,6.4 Z M8,4 L13,4 L13,6.4 L8,6.4 Z",
};

function symbolStyle({ icon, color, opacity }: LegendEntry) {
  if (icon === "emptyCircle")
    return { itemStyle: { color: COLORS.paper, borderColor: color, borderWidth: 1.5 } };
  return { itemStyle: { color, opacity: opacity ?? 1, borderWidth: 0 } };
}
