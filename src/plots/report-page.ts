import { html, type Html, NO_MARKUP, trustedMarkup } from "./html.js";
import type { ReportFigure } from "./report-figures.js";

/** Where a report stands on its page: alone, or as one of several. */
export interface ReportPlace {
  /** Before every id, so that reports on one page do not clash; empty for one alone. */
  readonly prefix: string;
  /** Level of the report's own heading. */
  readonly level: 1 | 2;
}

/** What the sections of a report need of the page around them. */
export interface ReportPage {
  /** The figures of the given sections, in a grid. */
  draw(...sections: readonly ReportFigure["section"][]): Html;
  section(id: string, title: string, body: Html): Html;
  subheading(title: string): Html;
}

/** @param drawings - Rendered SVG by figure id; a figure without a drawing is left out. */
export function createReportPage(
  { prefix, level }: ReportPlace,
  figures: readonly ReportFigure[],
  drawings: ReadonlyMap<string, string>,
): ReportPage {
  return {
    draw: (...sections) =>
      figureGrid(
        figures.filter((f) => sections.includes(f.section)),
        drawings,
      ),
    section: (id, title, body) => html`<section aria-labelledby="${prefix}${id}">
${heading(level + 1, "section", title, `${prefix}${id}`)}
${body}
</section>`,
    subheading: (title) => heading(level + 2, "sub", title),
  };
}

/** A heading of any level; the class gives its looks. */
export function heading(
  level: number,
  style: "question" | "section" | "sub",
  title: string,
  id?: string,
): Html {
  const tag = trustedMarkup(`h${level}`);
  return html`<${tag} class="${style}"${id === undefined ? NO_MARKUP : html` id="${id}"`}>${title}</${tag}>`;
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
