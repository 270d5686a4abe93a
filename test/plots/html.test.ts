import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeHtml, html, list, NO_MARKUP, table, trustedMarkup } from "../../src/plots/html.js";

describe("html", () => {
  it("escapes texts and keeps markup", () => {
    expect(html`<p class="${'a"b'}">${"<b>&'"} ${html`<i>${1}</i>`}</p>`.markup).toBe(
      '<p class="a&quot;b">&lt;b&gt;&amp;&#39; <i>1</i></p>',
    );
    expect(html`${[html`a`, html`b`]}${trustedMarkup("<svg/>")}${NO_MARKUP}`.markup).toBe("ab<svg/>");
  });

  it("lets no text become markup or leave its attribute", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const { markup } = html`<a title="${text}">${text}</a>`;
        expect(markup.match(/[<>]/g)).toHaveLength(4);
        expect(markup.match(/"/g)).toHaveLength(2);
      }),
    );
  });

  it("keeps a number on the line of its per cent or degrees", () => {
    expect(escapeHtml("95 % at 3 °C")).toBe("95\u00a0% at 3\u00a0°C");
  });
});

describe("table", () => {
  const { markup } = table({
    caption: "Quality <all>",
    head: [html`outcome`, html`R² <strong>here</strong>`, html`says "x"`],
    rows: [[html`porosity`, html`0.9`, html`fine`]],
    wordColumns: [2],
  });

  it("has headings for columns and rows, and a caption", () => {
    expect(markup).toContain("<caption>Quality &lt;all&gt;</caption>");
    expect(markup.match(/scope="col"/g)).toHaveLength(3);
    expect(markup).toContain('scope="row">porosity');
  });

  it("repeats the column's heading at each cell for narrow pages, without markup", () => {
    expect(markup).toContain('<td role="cell" class="number" data-label="R² here">0.9</td>');
    expect(markup).toContain('<td role="cell" class="words" data-label="says &quot;x&quot;">fine</td>');
  });
});

describe("list", () => {
  it("is nothing without items", () => {
    expect(list([])).toBe(NO_MARKUP);
    expect(list([html`a`]).markup).toBe('<ul class="plain"><li>a</li>\n</ul>');
  });
});
