import type { SpecificationOutlook, Suggestion } from "../campaign/suggestion.js";
import {
  formatHours,
  formatMeasured,
  formatPlain,
  formatProbability,
  formatSetting,
  formatUnit,
  withUnit,
} from "./format.js";
import { html, type Html, list, NO_MARKUP } from "./html.js";
import { specificationText } from "./limits.js";
import { SKILL_WORDS, skillOf } from "./quality-words.js";
import type { ReportData, ReportOutcome } from "./report-data.js";
import type { DrawFigures } from "./report-figures.js";
import {
  counted,
  outcomeStdDev,
  type PredictionText,
  predictionTexts,
  settingsText,
  stateText,
} from "./report-words.js";

/** The answer first: what to run next, what to expect of it, how likely it passes, and why. */
export function answerSection(data: ReportData, draw: DrawFigures): Html {
  return html`<section aria-labelledby="answer">
<h2 id="answer">Run these next</h2>
${leadText(data)}
${data.suggestions.length === 0 ? NO_MARKUP : suggestionTable(data)}
${data.warnings.length === 0 ? NO_MARKUP : html`<div class="note">${list(data.warnings.map((w) => html`${w}`))}</div>`}
<p>${data.advice.stop ? html`<strong>Consider stopping.</strong> ` : NO_MARKUP}${data.advice.why}</p>
${draw("predictions")}
</section>`;
}

function leadText(data: ReportData): Html {
  const [first] = data.suggestions;
  if (first === undefined) return html`<p class="lead">There is nothing left to suggest.</p>`;
  const state = stateText(data);
  const objectives = data.outcomes.filter(
    (o) => o.goal !== undefined && first.predictions[o.name] !== undefined,
  );
  const expected = objectives.map((o) => expectedText(data, o)).join(" and ");
  return html`<p class="lead">${counted(data.suggestions.length, "run")}${state === "" ? "" : ` for ${state}`}.
Run 1, ${settingsText(data, first.parameters)}${expected === "" ? "." : html`, should give ${expected}.`}</p>`;
}

function expectedText(data: ReportData, outcome: ReportOutcome): string {
  const text = predictionTexts(data, outcome.name)[0]!;
  const best = data.data.outcomes.find((o) => o.outcome === outcome.name)?.best;
  const compared =
    best === undefined
      ? null
      : `best measured so far ${formatMeasured(best.value, outcomeStdDev(data, outcome.name))}`;
  const aside = [text.interval, compared].filter((part) => part !== null);
  return `${outcome.label} ${withUnit(text.mean, outcome.unit)}${aside.length === 0 ? "" : ` (${aside.join("; ")})`}`;
}

interface Column {
  readonly head: Html;
  readonly label: string;
  cell(suggestion: Suggestion, index: number): Html;
}

function suggestionTable(data: ReportData): Html {
  const columns = [...settingColumns(data), ...outcomeColumns(data), ...chanceColumns(data)];
  return html`<div class="table" role="group" tabindex="0" aria-label="Next settings"><table role="table" class="suggestions">
<caption>Next settings. Predictions: expected value, and below it the range in which 95 of 100 such runs should fall. Under each outcome stands how well it can be predicted.</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Run</th>${columns.map((c) => html`<th role="columnheader" scope="col" class="number">${c.head}</th>`)}</tr></thead>
${data.suggestions.map((s, i) => suggestionRows(s, i, columns))}</table></div>`;
}

function suggestionRows(suggestion: Suggestion, i: number, columns: readonly Column[]): Html {
  const why = suggestion.reasons.length === 0 ? "No reason was computed." : suggestion.reasons.join(" ");
  const origin =
    suggestion.origin === "initial-design"
      ? " From the initial design: it spreads the first runs over the allowed settings."
      : "";
  return html`<tbody role="rowgroup"><tr role="row"><th role="rowheader" scope="row">${i + 1}<span class="range">${suggestion.trial}</span></th>${columns.map(
    (c) => html`<td role="cell" class="number" data-label="${c.label}">${c.cell(suggestion, i)}</td>`,
  )}</tr>
<tr role="row" class="why"><td role="cell" colspan="${columns.length + 1}"><strong>Why:</strong> ${why}${origin}</td></tr></tbody>
`;
}

function settingColumns(data: ReportData): Column[] {
  return data.inputs
    .filter((input) => input.role === "parameter")
    .map((input) => ({
      ...headOf(input.label, input.choices === undefined ? input.unit : "1"),
      cell: (s) =>
        html`<span class="setting">${formatSetting(s.parameters[input.name] ?? "–", input)}</span>`,
    }));
}

function headOf(label: string, unit: string): Pick<Column, "head" | "label"> {
  const shown = formatUnit(unit);
  return {
    head: shown === "" ? html`${label}` : html`${label} <span class="unit">${shown}</span>`,
    label: shown === "" ? label : `${label} (${shown})`,
  };
}

function outcomeColumns(data: ReportData): Column[] {
  return data.outcomes
    .filter((o) => data.suggestions.some((s) => s.predictions[o.name] !== undefined))
    .map((outcome) => {
      const texts = predictionTexts(data, outcome.name);
      return {
        ...outcomeHead(data, outcome),
        cell: (s, i) => predictionCell(texts[i], s.specifications[outcome.name]),
      };
    });
}

/** Name, unit and limits of an outcome, and how well it is predicted. */
function outcomeHead(data: ReportData, outcome: ReportOutcome): Pick<Column, "head" | "label"> {
  const { head, label } = headOf(outcome.label, outcome.unit);
  const limits =
    outcome.specification === undefined
      ? NO_MARKUP
      : html`<span class="unit">wanted ${specificationText({ ...outcome, unit: "1" })}</span>`;
  const quality = data.quality.find((q) => q.outcome === outcome.name);
  if (quality === undefined) return { head: html`${head}${limits}`, label };
  const skill = skillOf(quality);
  return {
    head: html`${head}${limits}<span class="skill ${skill}">${SKILL_WORDS[skill]}</span>`,
    label: `${label}, prediction ${SKILL_WORDS[skill]}`,
  };
}

function predictionCell(text: PredictionText | undefined, outlook: SpecificationOutlook | undefined): Html {
  if (text === undefined) return html`–`;
  const { mean, interval } = text;
  return html`<span class="mean">${mean}</span>${interval === null ? NO_MARKUP : html`<span class="range">${interval}</span>`}${
    outlook === undefined ? NO_MARKUP : html`<span class="chance">${outlookText(outlook)}</span>`
  }`;
}

function outlookText(outlook: SpecificationOutlook): string {
  return outlook.kind === "model"
    ? `${formatProbability(outlook.probability)} pass`
    : `${outlook.passed} of ${outlook.of} passed`;
}

function chanceColumns(data: ReportData): Column[] {
  const has = (key: "hours" | "cost"): boolean => data.suggestions.some((s) => s[key] !== undefined);
  const columns: Column[] = [];
  if (data.suggestions.some((s) => s.probabilityFeasible !== null)) {
    columns.push({
      ...headOf("meets all specifications", "1"),
      cell: (s) =>
        html`<span class="mean">${s.probabilityFeasible === null ? "–" : formatProbability(s.probabilityFeasible)}</span>`,
    });
  }
  if (has("hours"))
    columns.push({
      ...headOf("time", "1"),
      cell: (s) => html`${s.hours === undefined ? "–" : formatHours(s.hours).replace(" ", "\u00a0")}`,
    });
  if (has("cost"))
    columns.push({
      ...headOf("cost", "USD"),
      cell: (s) => html`${s.cost === undefined ? "–" : formatPlain(Number(s.cost.toPrecision(3)))}`,
    });
  return columns;
}
