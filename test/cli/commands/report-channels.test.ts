import { describe, expect, it } from "vitest";
import { campaignYaml, scratchFolder } from "../scratch-folder.js";

const folder = scratchFolder();

describe("cellwright report --channels", () => {
  it("refuses ovens and times without channels, all at once, before anything is computed", async () => {
    folder.write("c.yaml", campaignYaml());
    const err = await folder.refused("report", "c.yaml", "--ovens", "45:4", "--cells", "2");
    expect(err).toContain("--ovens, --cells without --channels: state how many channels there are.");
  });

  it("plans the runs that the report suggests", async () => {
    folder.write(
      "c.yaml",
      [
        "campaign: ovens",
        "parameters:",
        "  temperature: { unit: degC, values: [25, 45] }",
        "  hours: { unit: h, min: 4, max: 12, step: 1 }",
        "outcomes:",
        "  life: { unit: '1', goal: maximize }",
        "  channel_time: { unit: h, formula: hours + 1 }",
      ].join("\n"),
    );
    const { code, err } = await folder.run([
      ...["report", "c.yaml", "-n", "3", "--channels", "2", "--ovens", "25degC:2,318.15K:2"],
      ...["--start", "2026-11-23T08:00", "--out", "r.html", "--plots", "plots"],
    ]);
    expect([code, err.includes("figures as SVG and PNG")]).toEqual([0, true]);
    const page = folder.read("r.html");
    expect(page).toContain("When each cell runs");
    expect(page).toMatch(/in the oven at (?:25|45) °C/u);
    expect(folder.read("plots/figure-channels-1.svg")).toContain("hours from 2026-11-23 08:00 UTC");
  });
});

describe("cellwright window --plot", () => {
  it("draws the window over its settings, and refuses a file that is neither SVG nor PNG", async () => {
    folder.write(
      "c.yaml",
      [
        "campaign: box",
        "parameters:",
        "  load: { unit: N/mm, min: 200, max: 1600, step: 100 }",
        "  heat: { unit: degC, min: 25, max: 120, step: 5 }",
        "outcomes:",
        "  thickness: { unit: um, spec: { max: 90 }, formula: '120 - load / 40 - heat / 10' }",
      ].join("\n"),
    );
    expect(await folder.refused("window", "c.yaml", "--plot", "w.pdf")).toContain("ending in .svg or .png");
    const { code } = await folder.run(["window", "c.yaml", "--plot", "w.svg"]);
    expect(code).toBe(0);
    const svg = folder.read("w.svg");
    for (const text of ["load (N/mm)", "heat (°C)", "colour: probability"]) expect(svg).toContain(text);
  });
});
