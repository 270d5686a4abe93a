import { formatMeasured, readableName } from "./format.js";
import { html, type Html, list, NO_MARKUP, table } from "./html.js";
import type { OutcomeCount, ReportData } from "./report-data.js";
import type { ReportPage } from "./report-page.js";
import { capitalised, counted, outcomeOf, readableText, stateText } from "./report-words.js";

/** The two first objectives against each other. */
export function tradeOffSection(data: ReportData, page: ReportPage): Html {
  if (data.tradeOff === undefined) return NO_MARKUP;
  return page.section("trade-off", "What is given up for what", html`${page.draw("trade-off")}`);
}

/** Predicted outcomes along each parameter. */
export function responseSection(data: ReportData, page: ReportPage): Html {
  if (data.slices.length === 0 && data.maps.length === 0) return NO_MARKUP;
  return page.section(
    "response",
    "How the outcomes respond to the settings",
    html`<p>The line is what the model expects. The dark band holds the true mean, the light band one new run, each with 95 % probability.
Where a band is wide, nobody has measured nearby. Hollow marks: other settings differ from those of the curve.</p>
${page.draw("response", "map")}`,
  );
}

/** What was measured, what of it counts, and what was done with it. */
export function dataSection(data: ReportData, page: ReportPage): Html {
  const { data: summary } = data;
  const statuses = Object.entries(summary.byStatus)
    .filter(([, n]) => n > 0)
    .map(([status, n]) => `${n} ${status}`);
  const origin =
    summary.synthetic === 0
      ? "All were measured."
      : `${summary.measured} measured, ${summary.synthetic} SYNTHETIC.`;
  const state = stateText(data);
  return page.section(
    "data",
    "The data",
    html`<p>${counted(summary.trials, "trial")} from <strong>${summary.source}</strong> (${statuses.join(", ")})${
      summary.group === undefined
        ? ""
        : `, in ${summary.group.count} groups (${readableName(summary.group.name)})`
    }. ${origin}${state === "" ? "" : ` ${summary.inContext} of them at ${state}.`}</p>
${failuresText(summary)}
${summary.citation === undefined ? NO_MARKUP : html`<p class="aside">${summary.citation}</p>`}
${summary.outcomes.length === 0 ? NO_MARKUP : countTable(data)}
${page.draw("history")}
${list(
  data.messages.map((m) => html`${capitalised(readableText(data, m))}`),
  "fine",
)}`,
  );
}

/** Ids of so many failed runs are named with their reason. */
const MOST_NAMED = 6;

function failuresText({ failures }: ReportData["data"]): Html {
  if (failures.length === 0) return NO_MARKUP;
  const told = failures.map(({ reason, trials }) => {
    const named = trials.slice(0, MOST_NAMED).join(", ");
    const more = trials.length > MOST_NAMED ? ` and ${trials.length - MOST_NAMED} more` : "";
    return `${reason === "" ? "no reason stated" : reason}: ${named}${more}`;
  });
  return html`<p>Failed runs teach where not to go. ${told.join("; ")}.</p>`;
}

function countTable(data: ReportData): Html {
  const best = data.data.outcomes.some((o) => o.best !== undefined);
  return table({
    caption:
      "Values per outcome. Independent: an outcome measured once per group counts once, however many rows repeat it.",
    head: [
      html`outcome`,
      html`values`,
      html`independent`,
      html`lowest`,
      html`highest`,
      ...(best ? [html`best in the asked state`] : []),
    ],
    rows: data.data.outcomes.map((o) => countRow(data, o, best)),
  });
}

function countRow(data: ReportData, count: OutcomeCount, best: boolean): Html[] {
  const outcome = outcomeOf(data, count.outcome);
  // A hundredth of the range is finer than anything read from this table.
  const shown = (value: number): string => formatMeasured(value, (count.max - count.min) / 100);
  return [
    html`${outcome.label}`,
    html`${count.values}`,
    html`${count.counted}`,
    html`${shown(count.min)}`,
    html`${shown(count.max)}`,
    ...(best
      ? [
          count.best === undefined
            ? html`–`
            : html`${shown(count.best.value)}<span class="range">${count.best.label}</span>`,
        ]
      : []),
  ];
}

/** What must be read beside the answer. */
export function caveatsSection(data: ReportData, page: ReportPage): Html {
  if (data.caveats.length === 0) return NO_MARKUP;
  return page.section(
    "caveats",
    "Read this beside the answer",
    html`<ol>${data.caveats.map((c) => html`<li>${readableText(data, c)}</li>\n`)}</ol>`,
  );
}
