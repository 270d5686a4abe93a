import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readCampaignFile } from "../../src/adapters/campaign-file.js";
import { datasetsFolder, readShippedDataset } from "../../src/adapters/shipped-datasets.js";
import { campaignColumns } from "../../src/campaign/campaign-columns.js";
import { createCampaign } from "../../src/create-campaign.js";
import {
  CALENDERING_QUALITY,
  type ExpectedQuality,
  FORMATION_QUALITY,
} from "../../src/evaluation/expected-quality.js";
import { derivedCampaign, qualityTable, type QualitySource } from "../../src/evaluation/quality-table.js";

async function openSource(expected: ExpectedQuality): Promise<QualitySource> {
  const path = join(datasetsFolder(), "campaigns", `${expected.campaign}.campaign.yaml`);
  const campaign = createCampaign(readCampaignFile(path, ".").content);
  const table = await readShippedDataset(campaign.spec.data!, { expectations: campaignColumns(campaign) });
  return { spec: campaign.spec, table, ...(campaign.knowledge && { knowledge: campaign.knowledge }) };
}

describe("the quality of the shipped campaigns", () => {
  let calendering: QualitySource;
  let formation: QualitySource;
  beforeAll(async () => {
    calendering = await openSource(CALENDERING_QUALITY);
    formation = await openSource(FORMATION_QUALITY);
  });

  it("knows every outcome that figures are expected of, in the campaign or beside it", () => {
    for (const [source, expected] of [
      [calendering, CALENDERING_QUALITY],
      [formation, FORMATION_QUALITY],
    ] as const) {
      const outcomes = [...new Set(expected.figures.map(({ outcome }) => outcome))];
      const campaign = derivedCampaign(source, expected, outcomes);
      expect(campaign.outcomes.map(({ name }) => name)).toEqual(outcomes);
      for (const outcome of outcomes) {
        expect(
          campaign.trials.filter(({ observations }) => observations[outcome] !== undefined).length,
        ).toBeGreaterThan(50);
      }
    }
  });

  it("finds porosity well predicted, and a capacity at 5C that temperature only spoils inside the heavy coating", () => {
    const rows = qualityTable(calendering, CALENDERING_QUALITY, {
      outcomes: ["porosity_after", "capacity_5c_volumetric"],
      models: ["hvarfner-2024", "as-analysed"],
    });
    const value = (outcome: string, metric: string, inside: boolean, without: boolean): number => {
      const row = rows.find(
        (r) =>
          r.outcome === outcome &&
          r.metric === metric &&
          (r.inside !== "all") === inside &&
          (r.without !== null) === without,
      );
      return row!.values["hvarfner-2024"]!;
    };
    expect(value("porosity_after", "r2", false, false)).toBeGreaterThan(0.94);
    expect(value("porosity_after", "rmseGroups", true, false)).toBeLessThan(0.8);
    expect(value("capacity_5c_volumetric", "r2", false, false)).toBeGreaterThan(0.78);
    expect(value("capacity_5c_volumetric", "r2", true, false)).toBeLessThan(0.3);
    expect(value("capacity_5c_volumetric", "r2", true, true)).toBeGreaterThan(0.6);
    expect(rows.every((row) => row.values.default === null)).toBe(true);
    for (const row of rows) {
      if (row.verdict !== "inside") expect(row.why).not.toBeNull();
    }
  });

  it("finds the cycle life of formation protocols within the expected ranges, for five folds of protocols", () => {
    const figures = FORMATION_QUALITY.figures.filter(
      ({ folds, metric }) => folds === 5 || metric === "noise",
    );
    const rows = qualityTable(
      formation,
      { ...FORMATION_QUALITY, figures },
      { models: ["hvarfner-2024", "default"] },
    );
    expect(rows.length).toBe(6);
    expect(rows.filter(({ verdict }) => verdict !== "inside")).toEqual([]);
  });
});
