import type { StepEffect } from "../campaign/explanation.js";
import type { Suggestion } from "../campaign/suggestion.js";
import {
  formatChange,
  formatProbability,
  formatSetting,
  formatUnit,
  titleWithUnit,
  withUnit,
} from "./format.js";
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
  const barred = steps.some(({ breaks }) => breaks.length > 0);
  return html`<details><summary>What one step of each setting would do</summary>
<div class="table"><table class="steps"><thead><tr><th scope="col">One step</th>${outcomes.map((o) => html`<th scope="col" class="number">${o.label}<span class="unit">${formatUnit(o.unit)}</span></th>`)}${
    judged ? html`<th scope="col" class="number">all specifications</th>` : NO_MARKUP
  }${barred ? html`<th scope="col">not allowed by</th>` : NO_MARKUP}</tr></thead>
<tbody>${steps.map(
    (step) =>
      html`<tr><th scope="row">${stepText(data, step)}</th>${outcomes.map(
        ({ name, label, unit }) =>
          html`<td class="number" data-label="${titleWithUnit(label, unit)}"><span>${formatChange(step.changes[name] ?? 0, predictions[name])}</span></td>`,
      )}${
        judged
          ? html`<td class="number" data-label="all specifications"><span>${step.probabilityFeasible === null ? "–" : formatProbability(step.probabilityFeasible)}</span></td>`
          : NO_MARKUP
      }${
        barred
          ? html`<td data-label="not allowed by"><span>${step.breaks.length === 0 ? "–" : step.breaks.join("; ")}</span></td>`
          : NO_MARKUP
      }</tr>`,
  )}</tbody></table></div></details>`;
}

function stepText(data: ReportData, { parameter, from, to }: StepEffect): string {
  const input = data.inputs.find(({ name }) => name === parameter);
  if (input === undefined) return `${parameter} ${from} → ${to}`;
  const unit = input.choices === undefined ? input.unit : "1";
  return `${input.label} ${formatSetting(from, input)} → ${withUnit(formatSetting(to, input), unit)}`;
}
