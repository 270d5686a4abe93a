import { describe, expect, it } from "vitest";
import { scratchFolder } from "../scratch-folder.js";

const CAMPAIGN = `campaign: balance
process: calendering
material: NMC622
data: runs.csv
parameters:
  line_load: { unit: N/mm, min: 200, max: 1600 }
outcomes:
  density: { unit: g/cm3, goal: maximize }
  porosity: { unit: "%", spec: { min: 20, max: 40 } }
`;
const HEADER = "trial,line_load [N/mm],density [g/cm3],porosity [%],comment\n";
/** 4.391 g/cm3 without pores: 3.1 g/cm3 leave 29.4 %. */
const rows = (comment = ""): string =>
  `${HEADER}a,300,2.85,35.1,\nb,600,3.1,30.4,\nc,900,3.2,35,${comment}\n`;

describe("mass balance of measured runs", () => {
  const folder = scratchFolder();

  it("is refused by check and suggest with the line and the remedy, and warned of where it is small", async () => {
    folder.write("balance.campaign.yaml", CAMPAIGN);
    folder.write("runs.csv", rows());
    for (const command of [
      ["data", "check", "balance.campaign.yaml"],
      ["suggest", "balance.campaign.yaml"],
    ]) {
      const words = await folder.refused(...command);
      expect(words).toMatch(/line 4/u);
      expect(words).toMatch(/porosity 35\.0 %, but .* gives 27\.1 %/u);
      expect(words).toContain("accepted: <reason>");
    }
  });

  it("is taken where a comment accepts it, with the reason in the notes", async () => {
    folder.write("balance.campaign.yaml", CAMPAIGN);
    folder.write("runs.csv", rows("accepted: other binder"));
    const { code, out, err } = await folder.run(["data", "check", "balance.campaign.yaml"]);
    expect(code).toBe(0);
    expect(out + err).toMatch(/line 3: porosity 30\.4 %, but .* gives 29\.4 %/u);
    expect(out + err).toMatch(/line 4: .*accepted: other binder/u);
  });

  it("is refused by record until it is accepted, and the reason is kept", async () => {
    folder.write("balance.campaign.yaml", CAMPAIGN);
    folder.write("runs.csv", HEADER);
    const result = [
      "record",
      "balance.campaign.yaml",
      "trial=x1",
      "line_load=700",
      "density=3.2",
      "porosity=35",
    ];
    const words = await folder.refused(...result);
    expect(words).toMatch(/nothing was recorded.*comment="accepted: …"/su);
    const taken = await folder.run([...result, "comment=accepted: weighed wet"]);
    expect(taken.code).toBe(0);
    expect(taken.out).toContain("accepted: weighed wet");
    const again = await folder.run(["suggest", "balance.campaign.yaml"]);
    expect(again.code).toBe(0);
  });
});
