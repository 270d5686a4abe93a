/**
 * Breaks a text into lines of at most `width` characters: at blanks, and inside a word only where the word is longer
 * than a line. Without a width the text stays as it is.
 *
 * @param indent - Put before every line but the first.
 */
export function wrapText(text: string, width: number | undefined, indent = ""): string {
  if (width === undefined) return text;
  const own = /^ */u.exec(text)![0]; // blanks before the first word stay
  const room = Math.max(1, width - Math.max(indent.length, own.length));
  const lines: string[] = [];
  let line = "";
  for (const word of text
    .replace(/^ +| +$/gu, "") // blanks alone: a no-break space at an end was put there on purpose
    .split(/ +/u)
    .flatMap((one) => pieces(one, room))) {
    const longer = line === "" ? word : `${line} ${word}`;
    const left = lines.length === 0 ? width - own.length : width - indent.length;
    if (lengthOf(longer) <= left || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return own + [...lines, line].join(`\n${indent}`);
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

function characters(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Characters as a person counts them. */
export function lengthOf(text: string): number {
  return /^[\x20-\x7e]*$/u.test(text) ? text.length : characters(text).length;
}

function pieces(word: string, width: number): readonly string[] {
  if (lengthOf(word) <= width) return [word];
  const all = characters(word);
  const parts: string[] = [];
  for (let i = 0; i < all.length; i += width) parts.push(all.slice(i, i + width).join(""));
  return parts;
}
