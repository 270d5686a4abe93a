import { html, type Html, NO_MARKUP, trustedMarkup } from "./html.js";
import { answerSection } from "./report-answer.js";
import type { ReportData } from "./report-data.js";
import { caveatsSection, dataSection, responseSection, tradeOffSection } from "./report-evidence.js";
import type { DrawFigures, ReportFigure } from "./report-figures.js";
import { commandsSection, originSection, settingsSection } from "./report-origin.js";
import { REPORT_STYLE } from "./report-style.js";
import { trustSection } from "./report-trust.js";

/**
 * One self-contained page: no scripts, no network, every text escaped.
 *
 * @param drawings - Rendered SVG by figure id; a figure without a drawing is left out.
 */
export function reportHtml(
  data: ReportData,
  figures: readonly ReportFigure[],
  drawings: ReadonlyMap<string, string>,
): string {
  const draw: DrawFigures = (...sections) =>
    figureGrid(
      figures.filter((f) => sections.includes(f.section)),
      drawings,
    );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="generator" content="Cellwright ${data.provenance.cellwright}">
<meta name="color-scheme" content="light dark">
<title>${data.title}: next settings</title>
<style>${trustedMarkup(REPORT_STYLE)}</style>
</head>
<body>
<header>
<p class="eyebrow">${data.title} · ${timeText(data.createdAt)}</p>
<h1>${data.question}</h1>
${syntheticBanner(data)}
</header>
<main>
${answerSection(data, draw)}
${trustSection(data, draw)}
${tradeOffSection(data, draw)}
${responseSection(data, draw)}
${dataSection(data, draw)}
${caveatsSection(data)}
${settingsSection(data)}
${originSection(data)}
${commandsSection(data)}
</main>
<footer><p>Made by Cellwright ${data.provenance.cellwright}. Suggestions are proposals for people; nothing was sent to a machine.</p></footer>
</body>
</html>
`;
  return page.markup;
}

function syntheticBanner({ data }: ReportData): Html {
  if (data.synthetic === 0) return NO_MARKUP;
  return html`<p class="banner"><strong>SYNTHETIC data.</strong> ${data.synthetic} of ${data.trials} trials come from a simulator, not from a line.</p>`;
}

function figureGrid(figures: readonly ReportFigure[], drawings: ReadonlyMap<string, string>): Html {
  const shown = figures.flatMap((figure) => {
    const drawing = drawings.get(figure.id);
    return drawing === undefined ? [] : [figureHtml(figure, drawing)];
  });
  return shown.length === 0 ? NO_MARKUP : html`<div class="figures">${shown}</div>`;
}

function figureHtml(figure: ReportFigure, drawing: string): Html {
  const label = html`role="img" aria-label="${figure.alt}"`;
  return html`<figure id="${figure.id}">
<figcaption>${figure.title}</figcaption>
${trustedMarkup(drawing.replace("<svg ", `<svg ${label.markup} `))}
${figure.caption === "" ? NO_MARKUP : html`<p>${figure.caption}</p>`}
</figure>
`;
}

/** `2026-11-22 18:11 UTC` of an ISO time. */
function timeText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
