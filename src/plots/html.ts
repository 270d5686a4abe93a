/** Markup that is safe to put on a page: made by `html`, which escapes whatever is not markup already. */
export interface Html {
  readonly markup: string;
}

type Content = string | number | Html | readonly Html[];

/** A template that escapes every interpolated text; markup and lists of markup go in as they are. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  const markup = parts.reduce((text, part, i) => text + shown(contents[i - 1]!) + part);
  return { markup };
}

/** Markup from elsewhere (a rendered SVG), taken as it is. */
export function trustedMarkup(markup: string): Html {
  return { markup };
}

export const NO_MARKUP: Html = { markup: "" };

function shown(content: Content): string {
  if (typeof content === "object")
    return "markup" in content ? content.markup : content.map((c) => c.markup).join("");
  return escapeHtml(String(content));
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that cannot become markup, inside an element or a quoted attribute; a number stays on the line of its `%` or `°C`. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ESCAPES[c]!).replace(/(\d) (?=[%°])/g, "$1\u00a0");
}

export interface TableOptions {
  readonly caption: string;
  readonly head: readonly Html[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly Html[])[];
  /** Columns of words; all others but the first hold numbers. */
  readonly wordColumns?: readonly number[];
}

/** A table that becomes a list of cards on a narrow page; roles keep its structure for screen readers there. */
export function table({ caption, head, rows, wordColumns = [] }: TableOptions): Html {
  const kinds = head.map((_, i) => (wordColumns.includes(i) ? "words" : "number"));
  const labels = head.map((h) =>
    h.markup
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .replace(/"/g, "&quot;")
      .trim(),
  );
  return html`<div class="table"><table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${head.map((h, i) => html`<th role="columnheader" scope="col" class="${i === 0 ? "words" : kinds[i]!}">${h}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => tableRow(row, labels, kinds))}</tbody></table></div>`;
}

function tableRow(row: readonly Html[], labels: readonly string[], kinds: readonly string[]): Html {
  const [first, ...rest] = row;
  return html`<tr role="row"><th role="rowheader" scope="row">${first ?? NO_MARKUP}</th>${rest.map(
    (cell, i) =>
      html`<td role="cell" class="${kinds[i + 1] ?? "number"}" data-label="${trustedMarkup(labels[i + 1] ?? "")}">${cell}</td>`,
  )}</tr>
`;
}

/** A bulleted list, in small print if `fine`; nothing for no items. */
export function list(items: readonly Html[], style: "plain" | "fine" = "plain"): Html {
  return items.length === 0
    ? NO_MARKUP
    : html`<ul class="${style}">${items.map((item) => html`<li>${item}</li>\n`)}</ul>`;
}
