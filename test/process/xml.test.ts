import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { element, parseXml, printXml, type XmlElement } from "../../src/process/xml.js";

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/u);
const text = fc.stringMatching(/^[!-~]{1,12}$/u);
const tree: fc.Arbitrary<XmlElement> = fc.letrec<{ node: XmlElement }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc
      .tuple(name, fc.dictionary(name, text, { maxKeys: 3 }), text)
      .map(([n, a, t]) => element(n, { ...a }, t)),
    fc
      .tuple(name, fc.dictionary(name, text, { maxKeys: 3 }), fc.array(tie("node"), { maxLength: 3 }))
      .map(([n, a, c]) => element(n, { ...a }, c)),
  ),
})).node;

describe("xml", () => {
  it("gives back any element that it printed", () => {
    fc.assert(
      fc.property(tree, (root) => {
        expect(parseXml(`<?xml version="1.0"?>\n<!-- a > b -->\n${printXml(root)}`)).toEqual(root);
      }),
    );
  });
  it.each(["", "plain", "<a>", "<a></b>", "</a>", "<a><b></a></b>"])("refuses %j", (source) => {
    expect(() => parseXml(source)).toThrow(/no XML/u);
  });
});
