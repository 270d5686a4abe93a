import { describe, expect, it } from "vitest";
import type { ReportData } from "../../src/plots/report-data.js";
import { type ReportFigure, reportFigures } from "../../src/plots/report-figures.js";
import { reportHtml, reportPlaces } from "../../src/plots/report-html.js";
import { readableText } from "../../src/plots/report-words.js";
import { sampleReport } from "./sample-report.js";

function page(changes: Partial<ReportData> = {}): string {
  const data = sampleReport(changes);
  const figures = reportFigures(data);
  return reportHtml([{ data, figures, drawings: drawn(figures) }]);
}

function drawn(figures: readonly ReportFigure[]): ReadonlyMap<string, string> {
  return new Map(figures.map((f) => [f.id, `<svg width="460"><text>${f.id}</text></svg>`]));
}

/** What a reader sees, without markup. */
const textOf = (markup: string): string =>
  markup
    .replace(/<(style|title)>[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, " ");

describe("reportHtml", () => {
  it("opens with the question and the answer, then says how far to trust it", () => {
    const headings = [...page().matchAll(/<h([1-6])[^>]*>([^<]*)</g)].map((m) => `${m[1]!} ${m[2]!}`);
    expect(headings).toEqual([
      "1 For the heavy coating, how dense may the cathode be rolled before the 5C capacity collapses?",
      "2 Run these next",
      "2 How far to trust this",
      "3 Predicted without seeing it, and measured",
      "2 What is given up for what",
      "2 How the outcomes respond to the settings",
      "2 The data",
      "2 Read this beside the answer",
      "2 What was asked",
      "2 Where this comes from",
      "2 What to type next",
    ]);
  });

  it("shows settings, prediction, interval, chance, reason, hours and cost of each run", () => {
    const text = textOf(page());
    expect(text).toContain(
      "1 s-1 2.95 120 196 143 to 249 461 453 to 469 34.8 33.8 to 35.8 97 % pass 652 572 to 732 17 of 18 passed 97 % 1.5 h 40 Why: Expected to be the best compromise",
    );
    expect(text).toContain(
      "Run 1, target density 2.95 g/cm³, roll temperature 120 °C, should give capacity 5C volumetric 196 mAh/cm³ (143 to 249; best measured here 223)",
    );
  });

  it("puts the figures inside the asked state beside the pooled ones, and what leaving out does", () => {
    const text = textOf(page());
    expect(text).toContain("capacity 5C volumetric unproven −0.31 0.84 58 mAh/cm³ 18 of 27 9");
    expect(text).toContain("capacity 5C volumetric −0.31 (0.84) 0.64 (0.87) below −1 (0.30)");
    expect(text).toContain("These data do not establish an effect of roll temperature on it.");
    expect(text).toContain(
      "17 of 18 past groups held its specification (76 to 99 %): a base rate, not a prediction.",
    );
  });

  it("prints every caveat, warning and message, the seal and the next commands", () => {
    const data = sampleReport();
    const text = textOf(page());
    const { caveats, warnings, messages, advice, provenance } = data;
    for (const sentence of [...caveats, ...warnings, ...messages, advice.why, provenance.seal]) {
      expect(text.toLowerCase()).toContain(readableText(data, sentence).toLowerCase());
    }
    expect(text).toContain("Porosity after is equal in all rows of every condition_id");
    for (const { command } of data.commands) expect(text).toContain(command);
  });

  it("needs no script and no network", () => {
    const markup = page();
    expect(markup).not.toMatch(/<script|javascript:|\son\w+=|https?:|@import|url\(/i);
    expect(markup).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
  });

  it("gives every figure its words", () => {
    const markup = page();
    expect(markup.match(/<figure /g)).toHaveLength(21);
    expect(markup.match(/<svg role="img" aria-label="[^"]{30,}" width="460">/g)).toHaveLength(21);
  });

  it("flags data from a simulator at the top", () => {
    const { data } = sampleReport();
    const markup = page({ data: { ...data, measured: 0, synthetic: 54 } });
    expect(textOf(markup)).toContain("SYNTHETIC data. 54 of 54 trials come from a simulator");
    expect(markup.indexOf("SYNTHETIC data.")).toBeLessThan(markup.indexOf("Run these next"));
    expect(page()).not.toContain("SYNTHETIC");
  });

  it("says so when there is nothing to suggest, nothing tested or no state", () => {
    const { tradeOff, ...rest } = sampleReport({
      suggestions: [],
      quality: [],
      slices: [],
      maps: [],
      caveats: [],
      warnings: [],
      constraints: [],
      commands: [],
      context: {},
    });
    expect(tradeOff).toBeDefined();
    const text = textOf(reportHtml([{ data: rest, figures: [], drawings: new Map() }]));
    expect(text).toContain("There is nothing left to suggest.");
    expect(text).toContain("No model could be tested");
    expect(text).not.toContain("undefined");
    expect(text).not.toContain("NaN");
  });

  it("shows known outcomes without an interval and says that they are computed", () => {
    const data = sampleReport();
    const outcomes = [
      ...data.outcomes,
      {
        name: "cycler_time",
        label: "cycler time",
        unit: "h",
        goal: "minimize" as const,
        source: "known" as const,
        formula: "1 / c",
      },
    ];
    const suggestions = data.suggestions.map((s) => ({
      ...s,
      predictions: {
        ...s.predictions,
        cycler_time: {
          mean: 8.04217,
          stdDev: 0,
          interval95: [8.04217, 8.04217] as const,
          unit: "h",
          source: "known" as const,
        },
      },
    }));
    const text = textOf(page({ outcomes, suggestions }));
    expect(text).toContain("Cycler time is computed from the settings, not learned: 1 / c .");
    expect(text).toContain("17 of 18 passed 8.042 97 %");
  });

  it("gives time and cost no column of their own where they are outcomes", () => {
    const data = sampleReport();
    expect(textOf(page())).toContain("time cost USD");
    const time = {
      mean: 1.5,
      stdDev: 0,
      interval95: [1.5, 1.5] as const,
      unit: "h",
      source: "known" as const,
    };
    const suggestions = data.suggestions.map((s) => ({
      ...s,
      predictions: { ...s.predictions, oven_time: time },
    }));
    expect(textOf(page({ suggestions }))).toContain("after cost USD");
  });

  it("says which specifications the joint chance leaves out", () => {
    expect(textOf(page())).toContain("meets all specifications without tensile strength after");
  });

  it("puts several reports on one page, each with its own ids and one level lower", () => {
    const data = sampleReport();
    const reports = reportPlaces(2).map(({ prefix }) => {
      const figures = reportFigures(data, prefix);
      return { data, figures, drawings: drawn(figures) };
    });
    const markup = reportHtml(reports);
    const headings = [...markup.matchAll(/<h([1-6])[^>]*>([^<]*)</g)].map((m) => `${m[1]!} ${m[2]!}`);
    expect(headings.slice(0, 5)).toEqual([
      "1 Next settings for 2 campaigns",
      `2 ${data.question}`,
      "3 Run these next",
      "3 How far to trust this",
      "4 Predicted without seeing it, and measured",
    ]);
    const ids = [...markup.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]!);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...markup.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)].map((m) => m[1]!);
    expect(links.filter((link) => !ids.includes(link))).toEqual([]);
    expect(links).toHaveLength(2 + 2 * 9);
  });

  it("lets no text of the user's become markup", () => {
    const hostile = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;
    const data = sampleReport();
    const rename = <T extends { label: string }>(items: readonly T[]): T[] =>
      items.map((item) => ({ ...item, label: item.label + hostile, unit: hostile }));
    const markup = page({
      title: hostile,
      question: hostile,
      campaign: hostile,
      createdAt: hostile,
      inputs: rename(data.inputs),
      outcomes: rename(data.outcomes).map((o) => ({ ...o, formula: hostile })),
      context: { target_coating_weight: hostile },
      data: {
        ...data.data,
        source: hostile,
        citation: hostile,
        group: { name: hostile, count: 3 },
        outcomes: data.data.outcomes.map((o) => ({ ...o, best: { value: 1, label: hostile } })),
      },
      suggestions: data.suggestions.map((s) => ({
        ...s,
        trial: hostile,
        reasons: [hostile],
        parameters: { ...s.parameters, roll_temperature: hostile },
      })),
      advice: { stop: true, expectedImprovement: null, why: hostile },
      warnings: [hostile],
      caveats: [hostile],
      messages: [hostile],
      constraints: [{ text: hostile, reason: hostile }],
      commands: [{ command: hostile, purpose: hostile }],
      provenance: { ...data.provenance, seal: hostile, modelId: hostile, cellwright: hostile },
    });
    expect(markup).not.toMatch(/<script|<img/);
    expect(markup.match(/&lt;script&gt;/g)!.length).toBeGreaterThan(40);
    const tags = [...markup.matchAll(/<[a-z][^>]*>/g)].map(([tag]) => tag);
    expect(tags.filter((tag) => /\sonerror|\ssrc=/.test(tag.replace(/"[^"]*"/g, '""')))).toEqual([]);
  });
});
