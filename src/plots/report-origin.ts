import { formatPlain, formatSetting, formatUnit, withUnit } from "./format.js";
import { html, type Html, list, NO_MARKUP, table } from "./html.js";
import { goalText } from "./limits.js";
import type { ReportData, ReportInput } from "./report-data.js";
import type { ReportPage } from "./report-page.js";

/** What the campaign file says: parameters, goals, constraints. */
export function settingsSection(data: ReportData, page: ReportPage): Html {
  const unit = (text: string): Html => html`${formatUnit(text) === "" ? "–" : formatUnit(text)}`;
  return page.section(
    "settings",
    "What was asked",
    html`${table({
      caption: "Settings that are chosen, and the state that is given.",
      wordColumns: [1, 2],
      head: [html`name`, html`unit`, html`allowed`],
      rows: data.inputs.map((input) => [
        html`${input.label}`,
        unit(input.unit),
        html`${allowedText(input, data)}`,
      ]),
    })}
${table({
  caption: "Outcomes and what is wanted of them.",
  wordColumns: [1, 2],
  head: [html`outcome`, html`unit`, html`wanted`],
  rows: data.outcomes.map((o) => [
    html`${o.label}`,
    unit(o.unit),
    html`${goalText(o)}${o.source === "learned" ? "" : " (computed)"}`,
  ]),
})}
${data.constraints.length === 0 ? NO_MARKUP : html`<p>Every suggestion also satisfies:</p>`}
${list(data.constraints.map((c) => html`<code>${c.text}</code>${c.reason === undefined ? "" : ` (${c.reason})`}`))}`,
  );
}

function allowedText(input: ReportInput, data: ReportData): string {
  if (input.role === "context") {
    const value = data.context[input.name];
    if (value === undefined) return "measured, not chosen";
    return `given: ${typeof value === "string" ? value : withUnit(formatPlain(value), input.unit)}`;
  }
  if (input.choices !== undefined) return input.choices.join(", ");
  if (input.values !== undefined) return input.values.map(formatPlain).join(", ");
  const range = `${formatSetting(input.min ?? Number.NaN, input)} to ${formatSetting(input.max ?? Number.NaN, input)}`;
  return `${range}${input.step === undefined ? "" : `, in steps of ${formatPlain(input.step)}`}${input.scale === "log" ? " (log scale)" : ""}`;
}

/** Where the numbers come from, and the seal by which anyone can check that they were not changed. */
export function originSection({ provenance, campaign, createdAt }: ReportData, page: ReportPage): Html {
  const entries: readonly (readonly [string, string | number])[] = [
    ["campaign", campaign],
    ["made", createdAt],
    ["Cellwright", provenance.cellwright],
    ["model", provenance.modelId],
    ["seed", provenance.seed],
    ["work units", provenance.workUnits],
    ["campaign hash", provenance.campaignHash],
    ["data hash", provenance.dataHash],
    ["seal", provenance.seal],
  ];
  return page.section(
    "origin",
    "Where this comes from",
    html`<p>The same campaign, data and seed give the same suggestions on any machine; the seal is the SHA-256 of them.</p>
<dl>${entries.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>\n`)}</dl>`,
  );
}

/** What to type next. */
export function commandsSection(data: ReportData, page: ReportPage): Html {
  if (data.commands.length === 0) return NO_MARKUP;
  return page.section(
    "commands",
    "What to type next",
    html`${data.commands.map(({ command, purpose }) => html`<p>${purpose}:</p><pre><code>${command}</code></pre>\n`)}`,
  );
}
