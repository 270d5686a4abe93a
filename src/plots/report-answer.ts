import { formatMeasured, withUnit } from "./format.js";
import { html, type Html, list, NO_MARKUP } from "./html.js";
import type { ReportData, ReportOutcome } from "./report-data.js";
import type { ReportPage } from "./report-page.js";
import { runPlanTable } from "./report-run-plan.js";
import { suggestionTable } from "./report-suggestions.js";
import {
  capitalised,
  counted,
  outcomeStdDev,
  predictionTexts,
  readableText,
  settingsText,
  stateText,
} from "./report-words.js";

/** The answer first: what to run next, what to expect of it, how likely it passes, and why. */
export function answerSection(data: ReportData, page: ReportPage): Html {
  return page.section(
    "answer",
    "Run these next",
    html`${leadText(data)}
${data.suggestions.length === 0 ? NO_MARKUP : suggestionTable(data)}
${data.plan === undefined ? NO_MARKUP : runPlanTable(data, data.plan)}
${data.warnings.length === 0 ? NO_MARKUP : html`<div class="note">${list(data.warnings.map((w) => html`${capitalised(readableText(data, w))}`))}</div>`}
<p>${data.advice.stop ? html`<strong>Consider stopping.</strong> ` : NO_MARKUP}${readableText(data, data.advice.why)}</p>
${page.draw("predictions")}`,
  );
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
      : `best measured here ${formatMeasured(best.value, outcomeStdDev(data, outcome.name))}`;
  const aside = [text.interval, compared].filter((part) => part !== null);
  return `${outcome.label} ${withUnit(text.mean, outcome.unit)}${aside.length === 0 ? "" : ` (${aside.join("; ")})`}`;
}
