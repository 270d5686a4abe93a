import { formatMeasured, formatR2, readableName, withUnit } from "./format.js";
import { html, type Html, list, NO_MARKUP, table } from "./html.js";
import { decidingFigures, qualitySentences, SKILL_WORDS, skillOf } from "./quality-words.js";
import type { OutcomeQuality, QualityFigures, ReportData } from "./report-data.js";
import type { ReportPage } from "./report-page.js";
import { capitalised, outcomeOf, stateText } from "./report-words.js";

/** How far to trust the answer: quality on held-out groups, in the asked state beside the pooled figure. */
export function trustSection(data: ReportData, page: ReportPage): Html {
  const computed = data.outcomes.filter((o) => o.source !== "learned");
  const sentences = data.quality.flatMap((q) =>
    qualitySentences(q, capitalised(outcomeOf(data, q.outcome).label), stateText(data)),
  );
  return page.section(
    "trust",
    "How far to trust this",
    html`${data.quality.length === 0 ? html`<p>No model could be tested: there are too few groups of measured trials.</p>` : explanation(data)}
${data.quality.length === 0 ? NO_MARKUP : qualityTable(data)}
${list(sentences.map((s) => html`${s}`))}
${list(computed.map((o) => html`${capitalised(o.label)} is computed from ${o.source === "known" ? "the settings, not learned" : "what is drawn of other outcomes"}${o.formula === undefined ? "" : html`: <code>${o.formula}</code>`}.`))}
${droppedTable(data)}
${data.quality.length === 0 ? NO_MARKUP : page.subheading("Predicted without seeing it, and measured")}
${page.draw("parity", "coverage")}`,
  );
}

function explanation(data: ReportData): Html {
  const [first] = data.quality;
  return html`<p>Each model was tested on runs that it had not seen (held out ${first?.heldOut ?? ""}).
<strong>R²</strong> is the share of the differences between unseen groups that it explains: 1 is perfect; 0 or less is no better than always saying the average.
A prediction is called good from 0.8, rough from 0.5, weak below, and unproven from 0 downwards.</p>`;
}

function qualityTable(data: ReportData): Html {
  const state = stateText(data);
  const within = data.quality.some((q) => q.withinContext !== null);
  return table({
    caption: within
      ? `Quality on held-out groups; the figures that count are those at ${state}.`
      : "Quality on held-out groups.",
    wordColumns: [1],
    head: [
      html`outcome`,
      html`prediction`,
      ...(within ? [html`R² here`] : []),
      html`R² all groups`,
      html`typical error${within ? " here" : ""}`,
      html`inside their 95 % interval${within ? ", here" : ""}`,
      html`groups${within ? ", here" : ""}`,
    ],
    rows: data.quality.map((q) => qualityRow(data, q, within)),
  });
}

function qualityRow(data: ReportData, quality: OutcomeQuality, within: boolean): Html[] {
  const outcome = outcomeOf(data, quality.outcome);
  const skill = skillOf(quality);
  const figures = decidingFigures(quality);
  return [
    html`${outcome.label}`,
    html`<span class="skill ${skill}">${SKILL_WORDS[skill]}</span>`,
    ...(within
      ? [html`<strong>${quality.withinContext === null ? "–" : formatR2(quality.withinContext.r2)}</strong>`]
      : []),
    html`${formatR2(quality.pooled.r2)}`,
    html`${withUnit(formatMeasured(figures.rmse, figures.rmse / 5), outcome.unit)}`,
    html`${heldText(figures)}`,
    html`${figures.groups}`,
  ];
}

const heldText = ({ inside95, of }: QualityFigures): string => `${inside95} of ${of}`;

function droppedTable(data: ReportData): Html {
  const parameters = [...new Set(data.quality.flatMap((q) => q.without.map((w) => w.parameter)))];
  if (parameters.length === 0) return NO_MARKUP;
  const within = data.quality.some((q) => q.withinContext !== null);
  const figure = (here: number | null, all: number | null): Html =>
    within
      ? html`<strong>${formatR2(here)}</strong> <span class="aside">(${formatR2(all)})</span>`
      : html`${formatR2(all)}`;
  return table({
    caption: `What leaving a parameter out of the model does to R²${within ? " here (in brackets: all groups)" : ""}. If it rises, the data do not support that parameter's effect.`,
    head: [html`outcome`, html`all parameters`, ...parameters.map((p) => html`without ${readableName(p)}`)],
    rows: data.quality.map((q) => [
      html`${outcomeOf(data, q.outcome).label}`,
      figure(q.withinContext?.r2 ?? null, q.pooled.r2),
      ...parameters.map((p) => {
        const without = q.without.find((w) => w.parameter === p);
        return figure(without?.withinR2 ?? null, without?.pooledR2 ?? null);
      }),
    ]),
  });
}
