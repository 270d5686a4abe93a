import { describe, expect, it } from "vitest";
import { renderPng, renderReport, renderSvg } from "../../src/adapters/render-plot.js";
import { reportFigures } from "../../src/plots/report-figures.js";
import { sampleReport } from "../plots/sample-report.js";

const figures = reportFigures(sampleReport());
const slice = figures.find((f) => f.section === "response")!;

describe("renderSvg", () => {
  it("draws every figure of a report at its size, with its axis titles", async () => {
    for (const figure of figures) {
      const svg = await renderSvg(figure.option, figure.size, figure.id);
      expect(svg).toMatch(
        new RegExp(`^<svg style="[^"]*" width="${figure.size.width}" height="${figure.size.height}"`),
      );
      const { name } = figure.option.xAxis as { name: string };
      expect(svg).toContain(name);
      expect(svg).not.toContain("NaN");
    }
  });

  it("gives the same bytes whatever was drawn before, and ids that do not clash on one page", async () => {
    const once = await renderSvg(slice.option, slice.size, "a");
    await renderSvg(figures[0]!.option, figures[0]!.size, "b");
    expect(await renderSvg(slice.option, slice.size, "a")).toBe(once);
    const ids = [...once.matchAll(/\bid="([^"]+)"/g)].map((m) => m[1]!);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.filter((id) => !id.startsWith("a-"))).toEqual([]);
    expect(once).not.toMatch(/zr\d|-cls-|ecmeta/);
  });

  it("lets no text become markup", async () => {
    const hostile = `</text><script>alert("1")</script>`;
    const option = { ...slice.option, xAxis: { ...(slice.option.xAxis as object), name: hostile } };
    const svg = await renderSvg(option, slice.size, "a");
    expect(svg).not.toContain("<script");
    expect(svg).toContain("&lt;script&gt;");
  });
});

describe("renderPng", () => {
  it("turns a drawing into a picture of the asked size", async () => {
    const { png, messages } = await renderPng(await renderSvg(slice.option, slice.size, "a"), { scale: 1.5 });
    expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const view = new DataView(png.buffer, png.byteOffset);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([
      slice.size.width * 1.5,
      Math.ceil(slice.size.height * 1.5),
    ]);
    // Machines without any font get the picture and are told what is missing in it.
    for (const message of messages) expect(message).toContain("No fonts were found");
    expect(messages.length).toBeLessThanOrEqual(1);
  });
});

describe("renderReport", () => {
  it("puts all drawings on one page", async () => {
    const page = await renderReport(sampleReport());
    expect(page.match(/<svg role="img"/g)).toHaveLength(figures.length);
    expect(page).toContain("figure-response-1-");
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]!);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
