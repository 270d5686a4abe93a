import type { CustomSeriesOption, EChartsOption } from "echarts";
import type { ScheduledJob } from "../campaign/schedule-channels.js";
import { horizontalAxis, verticalNames } from "./axis.js";
import { withUnit } from "./format.js";
import { figureSize, frame, type LegendEntry } from "./frame.js";
import { COLORS, type FigureSize, FONT_SIZE, textWidth } from "./theme.js";

export interface GanttOptions {
  readonly jobs: readonly ScheduledJob[];
  /** Of the ovens' temperatures; absent where there are no ovens. */
  readonly ovenUnit?: string;
  /** When hour 0 is, in words. */
  readonly from: string;
  /** Over the chart, where no page says it. */
  readonly title?: string;
}

/** A job and what colours it: jobs of one group have one colour. */
interface Bar extends ScheduledJob {
  readonly group: string;
}

/** Height of a channel's row, px. */
const ROW_HEIGHT = 28;
/** Room of a title, px. */
const TITLE_HEIGHT = 26;
const RUNNING = "paler: on its channel already";
const RUNNING_OPACITY = 0.45;
/** Colours of groups in the order of their names; they come round again. White text is readable on all. */
const GROUPS = ["#0b5f96", "#a84a00", "#00664a", "#7a4a75", "#6b5d12", "#8f2f4a"] as const;
/** Steps of the axis of hours: parts and multiples of a day. */
const STEPS = [0.25, 0.5, 1, 2, 4, 6, 12, 24, 48, 96, 168, 336, 720] as const;
const MOST_STEPS = 8;

/** Which channel runs which cell when: one row for each channel in use, hours to the right. */
export function ganttChart({ jobs, ovenUnit, from, title }: GanttOptions): EChartsOption {
  const bars = jobs.map((job): Bar => ({ ...job, group: groupOf(job, ovenUnit) }));
  const channels = [...new Set(bars.map(({ channel }) => channel))].sort((a, b) => a - b);
  const groups = [...new Set(bars.map(({ group }) => group))].sort();
  const colorOf = (group: string): string => GROUPS[groups.indexOf(group) % GROUPS.length]!;
  const legend = groups.map(
    (group): LegendEntry => ({ name: group, color: colorOf(group), icon: "roundRect" }),
  );
  if (bars.some(({ running }) => running))
    legend.push({ name: RUNNING, color: COLORS.measured, icon: "roundRect", opacity: RUNNING_OPACITY });
  const base = frame({
    left: 88,
    xAxis: hoursAxis(bars, from),
    yAxis: verticalNames(
      "",
      channels.map((channel) => `channel ${channel}`),
    ),
    legend,
  });
  return {
    ...base,
    ...(title === undefined ? {} : titled(base, title)),
    series: legend.map(({ name }) => {
      const own = bars.filter(({ group, running }) => (running ? RUNNING : group) === name);
      return barsOf(name, own, channels, colorOf);
    }),
  };
}

const groupOf = ({ oven }: ScheduledJob, unit = "1"): string =>
  oven === undefined ? "cell on a channel" : `in the oven at ${withUnit(oven.name, unit)}`;

/** Size of that figure: it grows with the channels in use. */
export function ganttSize(option: EChartsOption): FigureSize {
  const names = (option.yAxis as { readonly data: readonly string[] }).data;
  return figureSize(option, Math.max(2, names.length) * ROW_HEIGHT);
}

function hoursAxis(bars: readonly Bar[], from: string) {
  const end = bars.reduce((latest, bar) => Math.max(latest, bar.end), 0);
  const step = STEPS.find((hours) => end / hours <= MOST_STEPS) ?? Math.ceil(end / MOST_STEPS);
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
  const axis = horizontalAxis({ label: `hours from ${from}`, unit: "1", values: [0, end] });
  const shown = { customValues: ticks, color: COLORS.muted, fontSize: FONT_SIZE };
  return {
    ...axis,
    name: `hours from ${from}`,
    min: 0,
    max: end === 0 ? 1 : end,
    axisLabel: { ...shown, formatter: (tick: number) => String(tick) },
    axisTick: { show: true, customValues: ticks, lineStyle: { color: COLORS.axis } },
  } as typeof axis;
}

function titled(base: EChartsOption, text: string): Pick<EChartsOption, "title" | "grid"> {
  const grid = base.grid as { readonly top: number };
  return {
    title: { text, left: 8, top: 4, textStyle: { color: COLORS.text, fontSize: FONT_SIZE } },
    grid: { ...grid, top: grid.top + TITLE_HEIGHT },
  };
}

function barsOf(
  name: string,
  bars: readonly Bar[],
  channels: readonly number[],
  colorOf: (group: string) => string,
): CustomSeriesOption {
  return {
    type: "custom",
    name,
    silent: true,
    z: 3,
    encode: { x: [0, 1], y: 2 },
    data: bars.map(({ start, end, channel }) => [start, end, channels.indexOf(channel)]),
    renderItem: (params, api) => {
      const bar = bars[params.dataIndexInside]!;
      const row = channels.indexOf(bar.channel);
      const [left, middle] = api.coord([bar.start, row]);
      const [right] = api.coord([bar.end, row]);
      const [width, height] = [right! - left!, ROW_HEIGHT - 6];
      const opacity = bar.running ? RUNNING_OPACITY : 1;
      return {
        type: "group",
        children: [
          {
            type: "rect",
            shape: { x: left!, y: middle! - height / 2, width, height },
            style: { fill: colorOf(bar.group), stroke: COLORS.paper, lineWidth: 1, opacity },
          },
          {
            type: "text",
            x: left! + 5,
            y: middle!,
            style: {
              text: fitting(bar.id, width - 10),
              fill: bar.running ? COLORS.text : COLORS.paper,
              fontSize: FONT_SIZE - 1,
              verticalAlign: "middle",
            },
          },
        ],
      };
    },
  };
}

/** A label cut to the width that there is, px, with the number of its cell; where two letters do not fit it says nothing. */
function fitting(label: string, width: number): string {
  if (textWidth(label) <= width) return label;
  const cell = /\/\d+$/u.exec(label)?.[0] ?? "";
  const letters = Math.floor(width / textWidth("x")) - 1 - cell.length;
  return letters < 2 ? "" : `${label.slice(0, letters)}…${cell}`;
}
