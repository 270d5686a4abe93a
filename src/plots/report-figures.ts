import type { EChartsOption } from "echarts";
import { coveragePlot } from "./coverage-plot.js";
import { formatHours, formatMeasured, formatR2, withUnit } from "./format.js";
import { figureSize } from "./frame.js";
import { ganttChart, ganttSize } from "./gantt-chart.js";
import { parityPlot } from "./parity-plot.js";
import { baseRateSentence } from "./quality-words.js";
import type {
  OutcomeQuality,
  ReportChannels,
  ReportData,
  ReportOutcome,
  ResponseMap,
  ResponseSlice,
} from "./report-data.js";
import {
  capitalised,
  counted,
  inputOf,
  outcomeOf,
  outcomeStdDev,
  predictionTexts,
  settingsText,
  stateText,
  timeText,
} from "./report-words.js";
import { responseMapPlot } from "./response-map.js";
import { responseSlicePlot } from "./response-slice.js";
import { suggestionDotPlot } from "./suggestion-dot-plot.js";
import type { FigureSize } from "./theme.js";
import { tradeOffPlot } from "./trade-off-plot.js";
import { trialHistoryPlot } from "./trial-history-plot.js";
import { windowMapPlot } from "./window-map.js";
import type { ProcessWindow } from "../campaign/window-answer.js";

/** A plot with the words that belong to it. */
export interface ReportFigure {
  readonly id: string;
  readonly section:
    | "predictions"
    | "channels"
    | "window"
    | "trade-off"
    | "parity"
    | "coverage"
    | "response"
    | "map"
    | "history";
  readonly title: string;
  readonly caption: string;
  /** What the figure shows, for those who do not see it. */
  readonly alt: string;
  readonly option: EChartsOption;
  readonly size: FigureSize;
}

/**
 * All figures of a report, in the order in which they appear.
 *
 * @param prefix - Before every id, where several reports share a page.
 */
export function reportFigures(data: ReportData, prefix = ""): ReportFigure[] {
  const numbered = (figures: readonly Figure[]): ReportFigure[] =>
    figures.map(({ rows, size, ...figure }, i) => ({
      ...figure,
      id: `${prefix}figure-${figure.section}-${i + 1}`,
      size:
        size ?? figureSize(figure.option, rows === undefined ? undefined : Math.max(2, rows) * ROW_HEIGHT),
    }));
  return [
    ...numbered(data.suggestions.length === 0 ? [] : data.outcomes.flatMap((o) => predictionFigure(data, o))),
    ...numbered(data.channels === undefined ? [] : [channelFigure(data.channels)]),
    ...numbered(data.window === undefined ? [] : windowFigures(data, data.window)),
    ...numbered(data.tradeOff === undefined ? [] : [tradeOffFigure(data, data.tradeOff)]),
    ...numbered(data.quality.map((q) => parityFigure(data, q))),
    ...numbered(data.quality.length === 0 ? [] : [coverageFigure(data)]),
    ...numbered(data.slices.map((s) => sliceFigure(data, s))),
    ...numbered(data.maps.map((m) => mapFigure(data, m))),
    ...numbered(data.history.map((h) => historyFigure(data, h))),
  ];
}

/** A figure without its number; `rows` where its height follows the number of named rows. */
type Figure = Omit<ReportFigure, "id" | "size"> & { readonly rows?: number; readonly size?: FigureSize };

/** Height of a named row, px. */
const ROW_HEIGHT = 38;

function predictionFigure(data: ReportData, outcome: ReportOutcome): Figure[] {
  const predictions = data.suggestions.map((s) => s.predictions[outcome.name]);
  if (predictions.every((p) => p === undefined)) return [];
  const best = data.data.outcomes.find((o) => o.outcome === outcome.name)?.best;
  const spoken = predictionTexts(data, outcome.name).map((text, i) => {
    if (text === undefined) return `run ${i + 1} no prediction`;
    const { mean, interval } = text;
    return `run ${i + 1} ${withUnit(mean, outcome.unit)}${interval === null ? "" : ` (${interval})`}`;
  });
  return [
    {
      section: "predictions",
      title: capitalised(outcome.label),
      caption:
        best === undefined
          ? ""
          : `Best measured here: ${withUnit(formatMeasured(best.value, outcomeStdDev(data, outcome.name)), outcome.unit)} (${best.label}).`,
      alt: `Predicted ${outcome.label}: ${spoken.join("; ")}.`,
      option: suggestionDotPlot({
        outcome,
        suggestions: data.suggestions,
        ...(best === undefined ? {} : { best: best.value }),
      }),
      rows: data.suggestions.length,
    },
  ];
}

function channelFigure({ plan: { jobs, makespan }, channels, ovenUnit, start }: ReportChannels): Figure {
  const used = new Set(jobs.map(({ channel }) => channel)).size;
  const free = channels - used;
  const option = ganttChart({
    jobs,
    from: timeText(start),
    ...(ovenUnit === undefined ? {} : { ovenUnit }),
  });
  return {
    section: "channels",
    title: "Cells on channels",
    caption:
      free === 0 ? "" : `${counted(free, "channel")} of ${channels} ${free === 1 ? "is" : "are"} not needed.`,
    alt: `${counted(jobs.length, "cell")} on ${counted(used, "channel")}, the last one done after ${formatHours(makespan)}.`,
    option,
    size: ganttSize(option),
  };
}

function windowFigures(data: ReportData, answer: ProcessWindow): Figure[] {
  return answer.maps.map((map) => {
    const x = inputOf(data, map.x);
    const y = map.y === undefined ? undefined : inputOf(data, map.y);
    const over = `${x.label}${y === undefined ? "" : ` and ${y.label}`}`;
    const held = settingsText(data, map.held);
    const box = answer.box === null ? "no window was found" : "the window is drawn in";
    return {
      section: "window",
      title: `Where specifications hold, over ${over}`,
      caption: `${held === "" ? "" : `At ${held}. `}The colour is the probability at one setting; the window's holds everywhere in it at once.`,
      alt: `Probability that the specifications hold over ${over}; ${box}, with ${map.runs.length} past runs.`,
      option: windowMapPlot(answer, map, { x, ...(y === undefined ? {} : { y }) }),
    };
  });
}

function tradeOffFigure(data: ReportData, tradeOff: NonNullable<ReportData["tradeOff"]>): Figure {
  const [x, y] = [outcomeOf(data, tradeOff.x), outcomeOf(data, tradeOff.y)];
  const better = (o: ReportOutcome): string => (o.goal === "minimize" ? "lower" : "higher");
  return {
    section: "trade-off",
    title: `${capitalised(y.label)} against ${x.label}`,
    caption:
      `${capitalised(better(x))} is better for ${x.label}, ${better(y)} for ${y.label}. ` +
      "Along the line nothing can be gained in one without giving up some of the other, as far as the model knows.",
    alt: `Trade-off between ${x.label} and ${y.label}: ${tradeOff.measured.length} measured points, the predicted front and ${data.suggestions.length} suggestions.`,
    option: tradeOffPlot({ tradeOff, x, y, suggestions: data.suggestions }),
  };
}

function parityFigure(data: ReportData, quality: OutcomeQuality): Figure {
  const outcome = outcomeOf(data, quality.outcome);
  const inside = quality.withinContext;
  const figures = `R² over all groups ${formatR2(quality.pooled.r2)}${inside === null ? "" : `, in the asked state ${formatR2(inside.r2)}`}`;
  return {
    section: "parity",
    title: capitalised(outcome.label),
    caption: `${figures}. Bars are 95 % intervals.${quality.baseRate === undefined ? "" : ` ${baseRateSentence(quality.baseRate)}`}`,
    alt: `Measured against predicted ${outcome.label} for ${quality.parity.length} held-out groups. ${figures}.`,
    option: parityPlot(outcome, quality),
  };
}

function coverageFigure(data: ReportData): Figure {
  const rows = data.quality.map((q) => ({ label: outcomeOf(data, q.outcome).label, figures: q.pooled }));
  const spoken = rows.map((r) => `${r.label} ${r.figures.inside95} of ${r.figures.of}`);
  return {
    section: "coverage",
    title: "Do the intervals hold?",
    caption:
      "A 95 % interval should hold 95 of 100 new measurements. Below the dashed line the model is surer than it should be.",
    alt: `Held-out measurements inside their 95 % interval: ${spoken.join("; ")}.`,
    option: coveragePlot(rows),
    rows: rows.length,
  };
}

function sliceFigure(data: ReportData, slice: ResponseSlice): Figure {
  const [outcome, parameter] = [outcomeOf(data, slice.outcome), inputOf(data, slice.parameter)];
  const held = settingsText(data, slice.held);
  const shown = [0, Math.floor((slice.at.length - 1) / 2), slice.at.length - 1].map((i) => {
    const [low, high] = slice.latent95[i]!;
    return `${formatMeasured(slice.mean[i]!, (high - low) / 4)} at ${settingsText(data, { [slice.parameter]: slice.at[i]! })}`;
  });
  return {
    section: "response",
    title: `${capitalised(outcome.label)} by ${parameter.label}`,
    caption: held === "" ? "" : `At ${held}.`,
    alt: `Predicted ${outcome.label}${held === "" ? "" : ` at ${held}`}: ${shown.join("; ")}.`,
    option: responseSlicePlot({ slice, outcome, parameter, suggestions: data.suggestions }),
  };
}

function mapFigure(data: ReportData, map: ResponseMap): Figure {
  const outcome = outcomeOf(data, map.outcome);
  const [x, y] = [inputOf(data, map.x), inputOf(data, map.y)];
  const held = settingsText(data, map.held);
  return {
    section: "map",
    title: `${capitalised(outcome.label)} over ${x.label} and ${y.label}`,
    caption: `${held === "" ? "" : `At ${held}. `}Far from the circles the colour is a guess.`,
    alt: `Predicted ${outcome.label} over ${x.label} and ${y.label}, with ${map.measured.length} settings that were tried.`,
    option: responseMapPlot({ map, outcome, x, y, suggestions: data.suggestions }),
  };
}

function historyFigure(data: ReportData, history: ReportData["history"][number]): Figure {
  const outcome = outcomeOf(data, history.outcome);
  const state = stateText(data);
  return {
    section: "history",
    title: capitalised(outcome.label),
    caption: state === "" ? "" : `Filled points: ${state}.`,
    alt: `${capitalised(outcome.label)} of ${history.points.filter((p) => p.value !== null).length} trials in the order of the data, then the suggestions.`,
    option: trialHistoryPlot(history, outcome, data.suggestions),
  };
}
