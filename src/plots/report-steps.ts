import type { StepEffect } from "../campaign/explanation.js";
import type { OutcomePrediction, Suggestion } from "../campaign/suggestion.js";
import { columnStdDev, formatMeasured, formatProbability, formatSetting } from "./format.js";
import { html, type Html, NO_MARKUP } from "./html.js";
import type { ReportData } from "./report-data.js";

/** What one step of each parameter would do to every outcome, folded away under a suggestion. */
export function stepEffectsTable(data: ReportData, { explanation, predictions }: Suggestion): Html {
  const steps = explanation?.steps ?? [];
  if (steps.length === 0) return NO_MARKUP;
  const outcomes = data.outcomes.filter(({ name }) =>
    steps.some(({ changes }) => changes[name] !== undefined),
  );
  const judged = steps.some(({ probabilityFeasible }) => probabilityFeasible !== null);
  return html`<details><summary>What one step of each setting would do</summary>
<table class="steps"><thead><tr><th scope="col">One step</th>${outcomes.map((o) => html`<th scope="col" class="number">${o.label}</th>`)}${
    judged ? html`<th scope="col" class="number">all specifications</th>` : NO_MARKUP
  }<th scope="col">not allowed by</th></tr></thead>
<tbody>${steps.map(
    (step) =>
      html`<tr><th scope="row">${stepText(data, step)}</th>${outcomes.map(
        ({ name }) => html`<td class="number">${signedText(step.changes[name] ?? 0, predictions[name])}</td>`,
      )}${
        judged
          ? html`<td class="number">${step.probabilityFeasible === null ? "–" : formatProbability(step.probabilityFeasible)}</td>`
          : NO_MARKUP
      }<td>${step.breaks.join("; ")}</td></tr>`,
  )}</tbody></table></details>`;
}

function stepText(data: ReportData, { parameter, from, to }: StepEffect): string {
  const input = data.inputs.find(({ name }) => name === parameter);
  if (input === undefined) return `${parameter} ${from} → ${to}`;
  return `${input.label} ${formatSetting(from, input)} → ${formatSetting(to, input)}`;
}

/** Digits of a tenth of the spread of one run: steps are small beside it. */
function signedText(change: number, predicted: OutcomePrediction | undefined): string {
  const text = formatMeasured(Math.abs(change), predicted === undefined ? 0 : columnStdDev([predicted]) / 10);
  return change < 0 ? `−${text}` : `+${text}`;
}
