/** Prints rows under their headings: aligned, or as a Markdown table. */
export function printTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  markdown: boolean,
): void {
  if (markdown) {
    console.log(`| ${headings.join(" | ")} |\n|${headings.map(() => "---").join("|")}|`);
    for (const row of rows) console.log(`| ${row.join(" | ")} |`);
    return;
  }
  const widths = headings.map((heading, k) =>
    Math.max(...[heading, ...rows.map((row) => row[k]!)].map((cell) => cell.length)),
  );
  for (const row of [headings, ...rows]) {
    console.log(
      row
        .map((cell, k) => (k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!)))
        .join("  ")
        .trimEnd(),
    );
  }
}

/** Three significant digits without an exponent where that is short; "–" for none. */
export function short(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}

export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? "–" : `${(100 * share).toFixed(0)} %`;
