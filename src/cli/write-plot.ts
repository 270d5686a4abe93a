import { resolve } from "node:path";
import type { EChartsOption } from "echarts";
import { renderPng, renderSvg } from "../adapters/render-plot.js";
import { writeFileAtomic } from "../adapters/write-file-atomic.js";
import { CellwrightError } from "../errors.js";
import type { FigureSize } from "../plots/theme.js";
import type { CliEffects } from "./effects.js";
import { printNotes } from "./print-notes.js";

export interface Plot {
  readonly option: EChartsOption;
  readonly size: FigureSize;
  /** Of the drawing's parts, so that the same plot always gives the same bytes. */
  readonly id: string;
}

/** @throws CellwrightError USAGE where the file's name does not say which of the two forms is wanted. */
export function requirePlotPath(path: string): void {
  if (!/\.(svg|png)$/iu.test(path))
    throw new CellwrightError("USAGE", `--plot: found "${path}", expected a file ending in .svg or .png.`);
}

/** Writes a plot as SVG or PNG, by the ending of the file's name. */
export async function writePlot(
  path: string,
  { option, size, id }: Plot,
  effects: Pick<CliEffects, "columns" | "cwd" | "err">,
): Promise<void> {
  const svg = await renderSvg(option, size, id);
  const drawn = /png$/iu.test(path) ? await renderPng(svg) : null;
  await writeFileAtomic(resolve(effects.cwd, path), drawn?.png ?? svg);
  printNotes(drawn?.messages ?? [], effects);
  effects.err(`Wrote ${path}\n`);
}
