import { html, type Html } from "./html.js";
import { COLORS, FONT_FAMILY } from "./theme.js";

/** A bar of the chart: a cell on its channel. */
export interface GanttBar {
  readonly label: string;
  /** From 1. */
  readonly row: number;
  /** Hours from the start of the plan. */
  readonly start: number;
  readonly end: number;
  /** What colours the bar, such as the oven's temperature; bars of one group have one colour. */
  readonly group: string;
  readonly running: boolean;
}

export interface GanttOptions {
  readonly bars: readonly GanttBar[];
  readonly rows: number;
  readonly title: string;
}

const WIDTH = 760;
const ROW = 26;
const LEFT = 92;
const TOP = 34;
/** Colours of groups in the order of their names; they come round again. */
const GROUPS = ["#2f6f9f", "#b4632a", "#4b7f52", "#7a5a94", "#8a7a2a", "#a04058"] as const;

/** Which channel runs which cell when: one row a channel, hours to the right. A self-contained SVG drawing. */
export function ganttChart({ bars, rows, title }: GanttOptions): string {
  const end = bars.reduce((latest, bar) => Math.max(latest, bar.end), 0);
  const step = tickStep(end);
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
  const groups = [...new Set(bars.map(({ group }) => group))].sort();
  const color = (group: string): string => GROUPS[groups.indexOf(group) % GROUPS.length]!;
  const x = (hours: number): string => (LEFT + (hours / (end || 1)) * (WIDTH - LEFT - 20)).toFixed(1);
  const bottom = TOP + rows * ROW;
  const height = bottom + 34 + (groups.length > 1 ? 22 : 0);
  const drawing = html`<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="${FONT_FAMILY}" font-size="12">
<title>${title}</title>
<rect width="${WIDTH}" height="${height}" fill="${COLORS.paper}"/>
<text x="${LEFT}" y="18" fill="${COLORS.text}" font-size="13">${title}</text>
${ticks.map((t) => html`<line x1="${x(t)}" x2="${x(t)}" y1="${TOP}" y2="${bottom}" stroke="#d8d8d8"/><text x="${x(t)}" y="${bottom + 16}" text-anchor="middle" fill="${COLORS.text}">${t} h</text>`)}
${Array.from({ length: rows }, (_, i) => html`<text x="${LEFT - 8}" y="${TOP + i * ROW + 17}" text-anchor="end" fill="${COLORS.text}">channel ${i + 1}</text>`)}
${bars.map((bar) => barOf(bar, color(bar.group), x))}
${groups.length > 1 ? groups.map((group, i) => html`<rect x="${LEFT + i * 130}" y="${bottom + 26}" width="12" height="12" fill="${color(group)}"/><text x="${LEFT + i * 130 + 18}" y="${bottom + 36}" fill="${COLORS.text}">${group}</text>`) : []}
</svg>
`;
  return drawing.markup;
}

function barOf(bar: GanttBar, color: string, x: (hours: number) => string): Html {
  const top = TOP + (bar.row - 1) * ROW + 3;
  const width = (Number(x(bar.end)) - Number(x(bar.start))).toFixed(1);
  return html`<g><title>${bar.label}: ${bar.start} to ${bar.end} h</title><rect x="${x(bar.start)}" y="${top}" width="${width}" height="${ROW - 6}" fill="${color}" fill-opacity="${bar.running ? 0.45 : 0.9}" stroke="${COLORS.paper}"/><text x="${(Number(x(bar.start)) + 4).toFixed(1)}" y="${top + 14}" fill="${bar.running ? COLORS.text : COLORS.paper}">${fitting(bar.label, Number(width))}</text></g>`;
}

/** A label that fits its bar, or none. */
function fitting(label: string, width: number): string {
  const letters = Math.floor((width - 8) / 7);
  if (label.length <= letters) return label;
  return letters < 3 ? "" : `${label.slice(0, letters - 1)}…`;
}

/** A round number of hours that gives at most ten ticks. */
function tickStep(end: number): number {
  return [1, 2, 4, 6, 12, 24, 48, 96, 168, 336, 720].find((step) => end / step <= 10) ?? Math.ceil(end / 10);
}
