import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lengthOf, wrapText } from "../../src/cli/wrap-text.js";

describe("wrapText", () => {
  it("breaks at blanks, indents what follows, and keeps blanks before the first word", () => {
    expect(wrapText("! one two three four", 9, "  ")).toBe("! one two\n  three\n  four");
    expect(wrapText("  one two", 7, "    ")).toBe("  one\n    two");
  });

  it("breaks a word only where it is longer than a line", () => {
    expect(wrapText("ab calendering", 6)).toBe("ab\ncalend\nering");
    expect(wrapText("🔋🔋🔋", 2)).toBe("🔋🔋\n🔋");
  });

  it("leaves a text alone where no width is known", () => {
    expect(wrapText("one two  three", undefined)).toBe("one two  three");
  });

  it("keeps every line within the width and loses no letter", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { maxLength: 12 }),
        fc.integer({ min: 6, max: 40 }),
        (words, width) => {
          const text = words.join(" ");
          const wrapped = wrapText(text, width, "  ");
          for (const line of wrapped.split("\n")) expect(lengthOf(line)).toBeLessThanOrEqual(width);
          const bare = (one: string): string => one.replaceAll(/[ \n]/gu, "");
          expect(bare(wrapped)).toBe(bare(text));
        },
      ),
    );
  });
});
