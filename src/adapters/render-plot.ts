import type { EChartsOption } from "echarts";
import type { ReportData } from "../plots/report-data.js";
import { reportFigures } from "../plots/report-figures.js";
import { type DrawnReport, reportHtml, reportPlaces } from "../plots/report-html.js";
import { type FigureSize, FONT_FAMILY } from "../plots/theme.js";

/**
 * Draws a plot as SVG text, without a browser.
 *
 * @param id - Prefix of the ids and classes inside, so that several drawings fit on one page and the same plot
 *   always gives the same bytes.
 */
export async function renderSvg(option: EChartsOption, size: FigureSize, id: string): Promise<string> {
  const echarts = await import("echarts");
  const chart = echarts.init(null, null, {
    renderer: "svg",
    ssr: true,
    width: size.width,
    height: size.height,
  });
  try {
    chart.setOption(option);
    return tidy(chart.renderToSVGString(), id);
  } finally {
    // Without it a timer keeps the process alive.
    chart.dispose();
  }
}

/**
 * Leaves what is seen. ECharts numbers drawings and styles through the life of the process: the given prefix takes the
 * place of the first, and what is only there for a mouse goes. The font is stated once instead of at every text.
 */
function tidy(svg: string, id: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, "")
    .replace(/ (?:class="zr\d+-cls-\d+"|ecmeta_\w+="[^"]*"|pointer-events="visible")/g, "")
    .replace(/\bzr\d+-(?=[a-z]+\d+\b)/g, `${id}-`)
    .replaceAll(`font-family:${FONT_FAMILY};`, "")
    .replace("<svg ", `<svg style="font-family:${FONT_FAMILY}" `)
    .replace(/\n/g, "");
}

export interface RenderedPng {
  readonly png: Uint8Array;
  /** What the user should know: that this machine has no font, for example. */
  readonly messages: readonly string[];
}

/**
 * Turns an SVG drawing into PNG.
 *
 * Text is drawn with the fonts of this machine; where it has none the picture has no text, and a message says so.
 *
 * @param options.scale - Pixels per unit of the drawing; 2 by default, sharp on paper.
 */
export async function renderPng(
  svg: string,
  options: { readonly scale?: number } = {},
): Promise<RenderedPng> {
  const { Resvg } = await import("@resvg/resvg-js");
  const font = { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" };
  const draw = (text: string, scale: number) =>
    new Resvg(text, { font, fitTo: { mode: "zoom", value: scale }, background: "#ffffff" }).render();
  const messages = draw(FONT_PROBE, 1).pixels.every((byte) => byte === 255) ? [NO_FONTS] : [];
  return { png: draw(svg, options.scale ?? 2).asPng(), messages };
}

/** Stays white where no font can draw the letter. */
const FONT_PROBE = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text x="2" y="16" font-family="sans-serif" font-size="16" fill="#000000">M</text></svg>`;
const NO_FONTS =
  "No fonts were found on this machine: the PNG has no text. Install a font (for example the package fonts-dejavu-core), or use the SVG or HTML form.";

/** Draws every figure of a report and puts it on one self-contained page. */
export async function renderReport(data: ReportData): Promise<string> {
  return renderReports([data]);
}

/** Puts several reports on one self-contained page. */
export async function renderReports(reports: readonly ReportData[]): Promise<string> {
  const places = reportPlaces(reports.length);
  const drawn = reports.map((data, i) => drawReport(data, places[i]!.prefix));
  return reportHtml(await Promise.all(drawn));
}

async function drawReport(data: ReportData, prefix: string): Promise<DrawnReport> {
  const figures = reportFigures(data, prefix);
  const drawings = new Map<string, string>();
  for (const figure of figures)
    drawings.set(figure.id, await renderSvg(figure.option, figure.size, figure.id));
  return { data, figures, drawings };
}
