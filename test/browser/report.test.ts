import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderReport } from "../../src/adapters/render-plot.js";
import { sampleReport } from "../plots/sample-report.js";
import { findChromium } from "./find-chromium.js";

const executablePath = findChromium();
// Where the project is proved a missing browser is a failure; at home the tests say why they do not run.
const missing = executablePath === null && process.env["CI"] !== "true";
if (missing)
  console.log(
    "Browser tests skipped: no chromium on this machine (apt-get install chromium, or set CHROMIUM).",
  );

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const WIDTHS = [360, 768, 1024, 1600];

describe.skipIf(missing)("the report in a browser", () => {
  let folder: string;
  let context: BrowserContext;
  let page: Page;
  let address: string;
  const said: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    if (executablePath === null)
      throw new Error("No chromium on this machine: install it, or set CHROMIUM to its path.");
    folder = await mkdtemp(join(tmpdir(), "cellwright-report-"));
    const file = join(folder, "report.html");
    await writeFile(file, await renderReport(sampleReport()));
    address = pathToFileURL(file).href;
    context = await chromium.launchPersistentContext(join(folder, "profile"), {
      executablePath,
      headless: true,
      args: ARGUMENTS,
    });
    page = await context.newPage();
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => asked.push(request.url()));
  });

  afterAll(async () => {
    await context?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  async function open(width: number): Promise<void> {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(address);
  }

  it("loads without errors and without asking for anything but itself", async () => {
    await open(1024);
    expect(said).toEqual([]);
    expect([...new Set(asked)]).toEqual([address]);
    expect(await page.title()).toBe("NMC622 pilot density: next settings");
  });

  it.each(WIDTHS)("never needs to be moved sideways at %i px", async (width) => {
    await open(width);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const tables = await page.evaluate(() =>
      [...document.querySelectorAll(".table")].map((t) => t.scrollWidth - t.clientWidth),
    );
    expect(Math.max(...tables)).toBeLessThanOrEqual(0);
  });

  it.each(WIDTHS)("shows all tables and drawings at %i px, with text inside its cell", async (width) => {
    await open(width);
    for (const [selector, count] of [
      ["table", 6],
      ["figure svg", 21],
    ] as const) {
      const boxes = await page
        .locator(selector)
        .evaluateAll((all) => all.map((e) => e.getBoundingClientRect()).map((b) => [b.width, b.height]));
      expect(boxes).toHaveLength(count);
      for (const [w, h] of boxes) expect(Math.min(w!, h!)).toBeGreaterThan(90);
    }
    const spilled = await page
      .locator("td, th")
      .evaluateAll((cells) =>
        cells.filter((c) => c.scrollWidth > c.clientWidth + 1 && c.clientWidth > 1).map((c) => c.textContent),
      );
    expect(spilled).toEqual([]);
  });

  it("keeps the text of drawings inside them and readable on a phone", async () => {
    await open(360);
    const texts = await page.locator("figure svg").evaluateAll((drawings) =>
      drawings.flatMap((svg) => {
        const frame = svg.getBoundingClientRect();
        return [...svg.querySelectorAll("text")].map((text) => {
          const box = text.getBoundingClientRect();
          const outside =
            box.left < frame.left - 2 ||
            box.right > frame.right + 2 ||
            box.top < frame.top - 2 ||
            box.bottom > frame.bottom + 2;
          return { text: text.textContent ?? "", outside, height: box.height };
        });
      }),
    );
    expect(texts.length).toBeGreaterThan(200);
    expect(texts.filter((t) => t.outside).map((t) => t.text)).toEqual([]);
    // 13 px at 460 px wide is 9 px here; a line box is a little higher.
    expect(Math.min(...texts.map((t) => t.height))).toBeGreaterThan(8);
  });

  it("writes no label over another", async () => {
    await open(1024);
    const overlaps = await page.locator("figure svg").evaluateAll((drawings) =>
      drawings.flatMap((svg) => {
        const boxes = [...svg.querySelectorAll("text")].map((t) => ({
          text: t.textContent,
          box: t.getBoundingClientRect(),
        }));
        return boxes.flatMap((a, i) =>
          boxes.slice(i + 1).flatMap((b) => {
            const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
            const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
            return wide > 1 && high > 3 ? [`${a.text} / ${b.text}`] : [];
          }),
        );
      }),
    );
    expect(overlaps).toEqual([]);
  });

  it("has one heading of the first level and skips no level", async () => {
    await open(1024);
    const levels = await page
      .locator("h1, h2, h3, h4")
      .evaluateAll((all) => all.map((h) => Number(h.tagName.slice(1))));
    expect(levels.filter((l) => l === 1)).toHaveLength(1);
    expect(levels[0]).toBe(1);
    levels.slice(1).forEach((level, i) => expect(level).toBeLessThanOrEqual(levels[i]! + 1));
  });

  it("keeps tables readable for screen readers on a phone", async () => {
    await open(360);
    const table = page.getByRole("table").first();
    expect(await table.getByRole("row").count()).toBe(9);
    expect(await page.getByRole("img").count()).toBe(21);
    expect(await table.getByRole("rowheader").first().textContent()).toContain("1");
  });

  it.each(["light", "dark"] as const)("has text that stands out from its ground, %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await open(1024);
    const contrasts = await page
      .locator("p, h1, h2, h3, th, td, li, dt, dd, span, figcaption, caption")
      .evaluateAll((all) => {
        const rgb = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
        const luminance = (color: string): number =>
          rgb(color)
            .slice(0, 3)
            .map((c) => c / 255)
            .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i]!, 0);
        const ground = (element: Element | null): string => {
          if (element === null) return "rgb(255, 255, 255)";
          const { backgroundColor } = getComputedStyle(element);
          return rgb(backgroundColor)[3] === 0 ? ground(element.parentElement) : backgroundColor;
        };
        return all.map((element) => {
          const [a, b] = [luminance(getComputedStyle(element).color), luminance(ground(element))];
          return {
            text: element.textContent?.slice(0, 40) ?? "",
            ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
          };
        });
      });
    expect(contrasts.length).toBeGreaterThan(200);
    // WCAG 2.2, success criterion 1.4.3
    expect(contrasts.filter((c) => c.ratio < 4.5)).toEqual([]);
  });
});
