import { html, type Html, NO_MARKUP, trustedMarkup } from "./html.js";
import { answerSection } from "./report-answer.js";
import type { ReportData } from "./report-data.js";
import { channelsSection } from "./report-channels.js";
import { caveatsSection, dataSection, responseSection, tradeOffSection } from "./report-evidence.js";
import type { ReportFigure } from "./report-figures.js";
import { commandsSection, originSection, settingsSection } from "./report-origin.js";
import { createReportPage, heading, type ReportPlace } from "./report-page.js";
import { REPORT_STYLE } from "./report-style.js";
import { trustSection } from "./report-trust.js";
import { windowSection } from "./report-window.js";
import { counted, readableText, timeText } from "./report-words.js";

/** A report with its figures and their drawings (SVG by figure id). */
export interface DrawnReport {
  readonly data: ReportData;
  readonly figures: readonly ReportFigure[];
  readonly drawings: ReadonlyMap<string, string>;
}

/** Where each of several reports stands; a report alone has the page to itself. */
export function reportPlaces(count: number): ReportPlace[] {
  if (count === 1) return [{ prefix: "", level: 1 }];
  return Array.from({ length: count }, (_, i) => ({ prefix: `report-${i + 1}-`, level: 2 }));
}

/** One self-contained page of one or several reports: no scripts, no network, every text escaped. */
export function reportHtml(reports: readonly DrawnReport[]): string {
  const version = reports[0]?.data.provenance.cellwright ?? "";
  const names = reports.map(({ data }) => data.title).join(", ");
  const articles = reportPlaces(reports.length).map((place, i) => article(reports[i]!, place));
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="generator" content="Cellwright ${version}">
<meta name="color-scheme" content="light dark">
<title>${names}: next settings</title>
<style>${trustedMarkup(REPORT_STYLE)}</style>
</head>
<body>
${reports.length === 1 ? NO_MARKUP : contents(reports)}
<main>
${articles}
</main>
<footer><p>Made by Cellwright ${version}. Suggestions are proposals for people; nothing was sent to a machine.</p></footer>
</body>
</html>
`;
  return page.markup;
}

function contents(reports: readonly DrawnReport[]): Html {
  const places = reportPlaces(reports.length);
  return html`<header>
${heading(1, "question", `Next settings for ${counted(reports.length, "campaign")}`)}
<nav aria-label="Campaigns"><ul>${reports.map(
    ({ data }, i) =>
      html`<li><a href="#${places[i]!.prefix}top">${readableText(data, data.question)}</a></li>\n`,
  )}</ul></nav>
</header>`;
}

function article({ data, figures, drawings }: DrawnReport, place: ReportPlace): Html {
  const page = createReportPage(place, figures, drawings);
  return html`<article id="${place.prefix}top">
<header>
<p class="eyebrow">${data.title} · ${timeText(data.createdAt)}</p>
${heading(place.level, "question", readableText(data, data.question))}
${syntheticBanner(data)}
</header>
${answerSection(data, page)}
${channelsSection(data, page)}
${windowSection(data, page)}
${trustSection(data, page)}
${tradeOffSection(data, page)}
${responseSection(data, page)}
${dataSection(data, page)}
${caveatsSection(data, page)}
${settingsSection(data, page)}
${originSection(data, page)}
${commandsSection(data, page)}
</article>
`;
}

function syntheticBanner({ data }: ReportData): Html {
  if (data.synthetic === 0) return NO_MARKUP;
  return html`<p class="banner"><strong>SYNTHETIC data.</strong> ${data.synthetic} of ${data.trials} trials come from a simulator, not from a line.</p>`;
}
