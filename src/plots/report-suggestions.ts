import type { SpecificationOutlook, Suggestion } from "../campaign/suggestion.js";
import {
  formatHours,
  formatMeasured,
  formatPlain,
  formatProbability,
  formatSetting,
  formatUnit,
} from "./format.js";
import { html, type Html, list, NO_MARKUP } from "./html.js";
import { specificationText } from "./limits.js";
import { SKILL_WORDS, skillOf } from "./quality-words.js";
import type { ReportData, ReportOutcome } from "./report-data.js";
import { stepEffectsTable } from "./report-steps.js";
import {
  capitalised,
  outcomeStdDev,
  type PredictionText,
  predictionTexts,
  readableText,
} from "./report-words.js";
import { riskWords } from "./risk-words.js";

interface Column {
  readonly head: Html;
  readonly label: string;
  cell(suggestion: Suggestion, index: number): Html;
}

/** The runs, one a block of rows: settings, predictions, chances, and why. */
export function suggestionTable(data: ReportData): Html {
  const columns = [...settingColumns(data), ...outcomeColumns(data), ...chanceColumns(data)];
  return html`<div class="table" role="group" tabindex="0" aria-label="Next settings"><table role="table" class="suggestions">
<caption>Next settings. Predictions: expected value, and below it the range in which 95 of 100 such runs should fall. Under each outcome stands how well it can be predicted.</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Run</th>${columns.map((c) => html`<th role="columnheader" scope="col" class="number">${c.head}</th>`)}</tr></thead>
${data.suggestions.map((s, i) => suggestionRows(data, s, i, columns))}</table></div>`;
}

function suggestionRows(
  data: ReportData,
  suggestion: Suggestion,
  i: number,
  columns: readonly Column[],
): Html {
  const [why = "No reason was computed.", ...more] = suggestion.reasons.map((reason) => spoken(data, reason));
  if (suggestion.origin === "initial-design")
    more.push("It is one of the first runs, which spread over the allowed settings.");
  return html`<tbody role="rowgroup"><tr role="row"><th role="rowheader" scope="row">${i + 1}<span class="range">${suggestion.trial}</span></th>${columns.map(
    (c) => html`<td role="cell" class="number" data-label="${c.label}">${c.cell(suggestion, i)}</td>`,
  )}</tr>
<tr role="row" class="why"><td role="cell" colspan="${columns.length + 1}"><strong>Why:</strong> ${why}${list(more.map((reason) => html`${reason}`))}${changeDetails(data, suggestion)}${stepEffectsTable(data, suggestion)}</td></tr></tbody>
`;
}

const spoken = (data: ReportData, text: string): string => capitalised(readableText(data, text));

/** Which limits and results would change the advice, folded away under a suggestion. */
function changeDetails(data: ReportData, { explanation }: Suggestion): Html {
  const sentences = explanation?.sentences ?? [];
  if (sentences.length === 0) return NO_MARKUP;
  return html`<details><summary>What would change this advice</summary>${list(
    sentences.map((sentence) => html`${spoken(data, sentence)}`),
  )}</details>`;
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
        cell: (s, i) =>
          html`${predictionCell(texts[i], s.specifications[outcome.name])}${otherForms(data, outcome, s)}`,
      };
    });
}

/** The objective under the plant's tolerance, and how desirable the outcome is, where the campaign judges by them. */
function otherForms(data: ReportData, { name }: ReportOutcome, { risk, desirabilities }: Suggestion): Html {
  const held = risk?.objectives[name];
  const desirability = desirabilities?.[name];
  const stdDev = outcomeStdDev(data, name);
  return html`${
    held === undefined || risk === undefined
      ? NO_MARKUP
      : html`<span class="chance">${formatMeasured(held.mean, stdDev)} ${riskWords(risk)}</span>`
  }${desirability === undefined ? NO_MARKUP : html`<span class="chance">desirability ${desirability.toFixed(2)}</span>`}`;
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

/** The joint chance leaves out what cannot be predicted, and says so. */
function chanceHead(data: ReportData): Pick<Column, "head" | "label"> {
  const left = data.outcomes.filter((o) =>
    data.suggestions.some((s) => s.specifications[o.name]?.kind === "base-rate"),
  );
  const { head, label } = headOf("meets all specifications", "1");
  if (left.length === 0) return { head, label };
  const without = `without ${left.map((o) => o.label).join(", ")}`;
  return { head: html`${head}<span class="unit wraps">${without}</span>`, label: `${label} ${without}` };
}

function chanceColumns(data: ReportData): Column[] {
  // An outcome that is that time or cost has its own column.
  const isOutcome = (amount: number, { predictions }: Suggestion): boolean =>
    Object.values(predictions).some((p) => p.mean === amount);
  const has = (key: "hours" | "cost"): boolean =>
    data.suggestions.some((s) => s[key] !== undefined && !isOutcome(s[key], s));
  const columns: Column[] = [];
  if (data.suggestions.some((s) => s.probabilityFeasible !== null)) {
    columns.push({
      ...chanceHead(data),
      cell: (s) =>
        html`<span class="mean">${s.probabilityFeasible === null ? "–" : formatProbability(s.probabilityFeasible)}</span>`,
    });
  }
  if (data.suggestions.some((s) => s.safety !== undefined)) {
    columns.push({
      ...headOf("safe", "1"),
      cell: (s) => html`${s.safety === undefined ? "–" : formatProbability(s.safety.probability)}`,
    });
  }
  if (data.suggestions.some((s) => s.success !== undefined))
    columns.push({ ...headOf("run succeeds", "1"), cell: successCell });
  if (has("hours"))
    columns.push({
      ...headOf("time", "1"),
      cell: (s) => html`${s.hours === undefined ? "–" : formatHours(s.hours).replace(" ", "\u00a0")}`,
    });
  if (has("cost"))
    columns.push({
      ...headOf("cost", data.suggestions.find((s) => s.currency !== undefined)?.currency ?? "USD"),
      cell: (s) => html`${s.cost === undefined ? "–" : formatPlain(Number(s.cost.toPrecision(3)))}`,
    });
  return columns;
}

/** Below the chance of success the risk by reason, the greatest first. */
function successCell({ success }: Suggestion): Html {
  if (success === undefined) return html`–`;
  const risks = Object.entries(success.risks)
    .filter(([, risk]) => risk >= 0.005)
    .sort((a, b) => b[1] - a[1]);
  return html`<span class="mean">${formatProbability(success.probability)}</span>${risks.map(
    ([reason, risk]) =>
      html`<span class="chance">${formatProbability(risk)} ${reason === "" ? "fails" : reason}</span>`,
  )}`;
}
