import { describe, expect, it } from "vitest";
import { withoutFields } from "../../src/campaign/defined-fields.js";
import type { ScheduledJob } from "../../src/campaign/schedule-channels.js";
import type { ReportChannels } from "../../src/plots/report-data.js";
import { reportFigures } from "../../src/plots/report-figures.js";
import { reportHtml } from "../../src/plots/report-html.js";
import { sampleReport } from "./sample-report.js";

const oven = { name: "45", slot: 1 };
const jobs: readonly ScheduledJob[] = [
  { id: "old", start: 0, end: 2.5, channel: 1, oven, running: true },
  { id: "s-1", start: 2.5, end: 32.5, channel: 1, oven, running: false },
];
const channels: ReportChannels = {
  start: "2026-11-23T08:00:00.000Z",
  channels: 4,
  ovenUnit: "degC",
  plan: {
    ...{ jobs, makespan: 32.5, lowerBound: 32.5, proven: true },
    ...{ startFirst: ["s-1"], notes: ["The last cell is done after 32.5 h. No plan is shorter."] },
  },
};

function pageOf(changes: Parameters<typeof sampleReport>[0]): string {
  const data = sampleReport(changes);
  const figures = reportFigures(data);
  return reportHtml([{ data, figures, drawings: new Map(figures.map(({ id }) => [id, "<svg ></svg>"])) }])
    .replace(/<style[\s\S]*?<\/style>/gu, "")
    .replace(/<[^>]*>/gu, " ")
    .replace(/\s+/gu, " ");
}

describe("cells on channels in the report", () => {
  it("are drawn and listed with times of the clock, their oven and what to start first", () => {
    const text = pageOf({ channels });
    expect(text).toContain("Start first: run 1 (s-1). The last cell is done after 32.5 h.");
    expect(text).toContain("old running 2026-11-23 10:30 2.5 h 1 45 °C, slot 1");
    expect(text).toContain("s-1 2026-11-23 10:30 2026-11-24 16:30 30 h 1 45 °C, slot 1");
    expect(text).toContain("3 channels of 4 are not needed.");
    const figure = reportFigures(sampleReport({ channels })).find(({ section }) => section === "channels");
    expect(figure!.alt).toBe("2 cells on 1 channel, the last one done after 33 h.");
  });

  it("name no ovens where there are none", () => {
    const bare = jobs.map((job) => withoutFields(job, "oven"));
    const plan = { ...channels.plan, jobs: bare, startFirst: [] };
    const text = pageOf({ channels: { ...withoutFields(channels, "ovenUnit"), plan } });
    expect(text).toContain("No channel is free at once.");
    expect(text).not.toMatch(/\boven\b/iu);
  });

  it("are left out where no channels were given", () => {
    expect(pageOf({})).not.toContain("When each cell runs");
  });
});

describe("the run plan in the report", () => {
  const run = { trial: "s-1", changes: [], minutes: 120, scrapMetres: 0, totalMinutes: 120 };
  const plan = (totalScrapMetres: number) =>
    pageOf({ plan: { runs: [{ ...run, totalScrapMetres }], summary: [] } as never });

  it("shows scrap where there is any", () => {
    expect(plan(0)).toContain("Change before it Minutes Minutes so far");
    expect(plan(30)).toContain("Minutes Scrap, m Minutes so far Scrap so far, m");
  });
});
