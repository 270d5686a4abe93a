import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { scratchFolder } from "../scratch-folder.js";

const docs = (name: string): string => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url));

describe("the example of maturing cells", () => {
  const folder = scratchFolder();
  const example = (): void => {
    for (const name of ["maturing.campaign.yaml", "maturing.cells.csv"])
      copyFileSync(docs(name), folder.path(name));
  };

  it("advises on its eight running cells and suggests, from the resistance of all", async () => {
    example();
    const cells = await folder.run(["cells", "maturing.campaign.yaml"]);
    expect(cells.code).toBe(0);
    expect(cells.out).toContain("keep cycling");
    expect(cells.out).toContain("free the channel");
    const learned = "cycle_life of 8 running cells is estimated from low_soc_resistance";
    expect(cells.err).toContain(learned);
    const suggested = await folder.run(["suggest", "maturing.campaign.yaml"]);
    expect(suggested.code).toBe(0);
    expect(suggested.err).toContain(
      "8 cells are still running: cellwright cells maturing.campaign.yaml says",
    );
    expect(`${suggested.out}${suggested.err}`.replaceAll(/\s+/gu, " ")).toContain(learned);
  });

  it("compares each signal when it is trained, in a table and as JSON", async () => {
    example();
    const train = ["train", "maturing.campaign.yaml", "--surrogates", "gp", "--folds", "2"];
    const { code, out } = await folder.run(train);
    expect(code).toBe(0);
    expect(out).toContain("Early signals of cycle_life, each by itself");
    expect(out).toMatch(/\*\s+low_soc_resistance +│ +-0\.\d\d/u);
    const json = JSON.parse((await folder.run([...train, "--format", "json"])).out) as {
      readonly signals: readonly {
        readonly outcome: string;
        readonly signals: { readonly used: string[] };
      }[];
    };
    expect(json.signals.map(({ outcome }) => outcome)).toEqual(["cycle_life"]);
    expect(json.signals[0]!.signals.used).toEqual(["low_soc_resistance"]);
  });
});
