import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { scratchFolder } from "../scratch-folder.js";

const example = fileURLToPath(new URL("../../../docs/line-load.campaign.yaml", import.meta.url));
const RESISTANCE = /compaction\sresistance\s(\d+)\sN\/mm\s\(95\s%\sinterval\s(\d+)\sto\s(\d+)\)/u;

/** Resistance of the simulated NMC622 at 25 degC, N/mm; springback and heat make runs look softer. */
const TRUE_RESISTANCE = 550;

describe("the line-load example", () => {
  const folder = scratchFolder();

  it("reports, trains and predicts with the fitted compaction resistance and its interval", async () => {
    copyFileSync(example, folder.path("line-load.campaign.yaml"));
    const simulated = ["simulate", "calendering", "--rows", "40", "--seed", "1", "--out", "line-load.csv"];
    expect((await folder.run(simulated)).code).toBe(0);
    const report = await folder.run(["report", "line-load.campaign.yaml", "--out", "line-load.html"]);
    expect(report.code).toBe(0);
    const stated = RESISTANCE.exec(folder.read("line-load.html"))!;
    const [value, low, high] = stated.slice(1).map(Number);
    expect(low!).toBeLessThan(value!);
    expect(high! / low!).toBeLessThan(3);
    expect(low!).toBeLessThan(TRUE_RESISTANCE);
    expect(high!).toBeGreaterThan(0.8 * TRUE_RESISTANCE);

    const trained = await folder.run(["train", "line-load.campaign.yaml", "--surrogates", "gp"]);
    expect(trained.code).toBe(0);
    expect(trained.out).toContain("calendering.compaction");
    expect(RESISTANCE.exec(trained.err)?.[1]).toBe(String(value));
    const predict = ["predict", "line-load.campaign.yaml", "--data", "line-load.csv", "--format", "json"];
    const predicted = await folder.run(predict);
    expect(predicted.code).toBe(0);
    const { rows } = JSON.parse(predicted.out) as {
      rows: { predictions: { density: { mean: number; interval95: [number, number] } } }[];
    };
    expect(rows.length).toBe(40);
    for (const { predictions } of rows) {
      const { mean, interval95 } = predictions.density;
      expect(interval95[0]).toBeLessThan(mean);
      expect(mean).toBeGreaterThan(2.4);
      expect(mean).toBeLessThan(3.7);
    }
  });

  it("is retrained and judged against the champion around the same law", async () => {
    copyFileSync(example, folder.path("line-load.campaign.yaml"));
    const simulate = (rows: string, out: string) =>
      folder.run(["simulate", "calendering", "--rows", rows, "--seed", "1", "--out", out]);
    await simulate("20", "line-load.csv");
    await simulate("30", "more.csv");
    expect((await folder.run(["train", "line-load.campaign.yaml", "--surrogates", "gp"])).code).toBe(0);
    const { code, out, err } = await folder.run(["retrain", "line-load.campaign.yaml", "--data", "more.csv"]);
    expect(code).toBe(0);
    expect(out + err).toContain('"verdict":"no-worse"');
    const shown = await folder.run(["models", "show", "line-load.campaign.yaml"]);
    expect(shown.out).toMatch(/model 0002.*compaction resistance \(N\/mm\) \d+.*95 % interval/su);
  });

  it("says that a few rows do not identify the resistance", async () => {
    copyFileSync(example, folder.path("line-load.campaign.yaml"));
    folder.write(
      "line-load.csv",
      "trial,coil,line_load [N/mm],roll_temperature [degC],line_speed [m/min],initial_density [g/cm3],density [g/cm3],origin\n" +
        "a,1,300,60,20,2.45,2.9,SYNTHETIC\nb,1,320,60,20,2.45,2.91,SYNTHETIC\nc,2,340,60,20,2.46,2.94,SYNTHETIC\n",
    );
    const { code, err } = await folder.run(["suggest", "line-load.campaign.yaml", "--data", "line-load.csv"]);
    expect(code).toBe(0);
    expect(err).toMatch(/compaction resistance not identifiable from these rows/u);
  });
});
