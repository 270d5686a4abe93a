import { escapeXml } from "./xml.js";

/** A page for the shop floor, well-formed as XML, without anything to load. */
export interface Sheet {
  readonly title: string;
  readonly notice: string;
  readonly checksum: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** Tables from `sheetTable`. */
  readonly tables: readonly string[];
  readonly notes: readonly string[];
}

const STYLE =
  "body{font:11pt sans-serif;margin:2em;color:#000;background:#fff}table{border-collapse:collapse;margin:1em 0}caption{text-align:left;font-weight:bold}th,td{border:1px solid #666;padding:.25em .6em;text-align:right}th{background:#eee}td:nth-child(2){text-align:left}.notice{border:2px solid #000;padding:.5em;font-weight:bold}.checksum{font:8pt monospace}tr{break-inside:avoid}";

/** One table with a caption and a class that says what it holds. */
export function sheetTable(
  kind: string,
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cells = (tag: string, row: readonly (string | number)[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${escapeXml(String(cell))}</${tag}>`).join("")}</tr>`;
  const body = rows.map((row) => cells("td", row)).join("\n");
  return `<table class="${kind}"><caption>${escapeXml(caption)}</caption>\n<thead>${cells("th", head)}</thead>\n<tbody>\n${body}\n</tbody></table>`;
}

/** The whole page, with room for two signatures. */
export function printSheet(sheet: Sheet): string {
  const facts = sheetTable("facts", "What this is for", ["", ""], sheet.facts);
  const notes = sheet.notes.map((note) => `<li>${escapeXml(note)}</li>`).join("\n");
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"/><title>${escapeXml(sheet.title)}</title><style>${STYLE}</style></head>
<body>
<h1>${escapeXml(sheet.title)}</h1>
<p class="notice">${escapeXml(sheet.notice)}</p>
${facts}
${sheet.tables.join("\n")}
<ul>
${notes}
</ul>
<p>Checked by: ____________________ Date: ____________ Released by: ____________________ Date: ____________</p>
<p class="checksum">${sheet.checksum} (SHA-256 of this file with zeros in its place)</p>
</body></html>
`;
}
