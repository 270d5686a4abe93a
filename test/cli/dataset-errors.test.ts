import { describe, expect, it } from "vitest";
import { campaignYaml, scratchFolder } from "./scratch-folder.js";

const folder = scratchFolder();

describe("a data file that is not there", () => {
  it.each([
    ["suggest", "--data", "nowhere.csv"],
    ["suggest", "--pending", "nowhere.csv"],
    ["record", "--data", "nowhere.csv"],
    ["train", "--data", "nowhere.csv"],
    ["report", "--data", "nowhere.csv"],
  ])("is named by %s %s", async (command, option, file) => {
    folder.write("c.yaml", campaignYaml());
    const err = await folder.refused(command, "c.yaml", option, file);
    expect(err).toContain("nowhere.csv");
    expect(err).toMatch(/[Tt]here is no (?:such )?file/u);
  });

  it("is looked for as a data set, with its spelling and the campaign that names it", async () => {
    folder.write("c.yaml", campaignYaml("data: calendering-nmc622-pilott\n"));
    const err = await folder.refused("data", "check", "c.yaml");
    expect(err).toContain("`data:` of c.yaml");
    expect(err).toContain("Did you mean the data set calendering-nmc622-pilot?");
  });

  it("is a folder", async () => {
    folder.write("c.yaml", campaignYaml());
    expect(await folder.refused("data", "check", "c.yaml", "--data", ".")).toContain("It is a folder");
  });
});

describe("cellwright data get", () => {
  const name = "electrodes-graphite";

  it("helps with the spelling of a name, and leaves paths alone", async () => {
    expect(await folder.refused("data", "get", `${name}s`)).toContain(`Did you mean ${name}?`);
    expect(await folder.refused("data", "get", "../../etc")).toContain("There is no data set");
  });

  it("refuses a file with another checksum and writes nothing", async () => {
    await folder.run(["data", "get", name, "--dir", "source"]);
    folder.write(`source/${name}/data.csv`, "trial\n1\n");
    const err = await folder.refused("data", "get", name, "--from", "source", "--dir", "target");
    expect(err).toContain("is not the file that electrodes-graphite describes: found sha256:");
    expect(() => folder.read(`target/${name}/data.csv`)).toThrow();
  });

  it("never overwrites a copy that was edited", async () => {
    expect((await folder.run(["data", "get", name, "--dir", "mine"])).code).toBe(0);
    expect((await folder.run(["data", "get", name, "--dir", "mine"])).code).toBe(0);
    folder.write(`mine/${name}/data.csv`, "my edits");
    expect(await folder.refused("data", "get", name, "--dir", "mine")).toContain(
      "is there already and has other content",
    );
    expect(folder.read(`mine/${name}/data.csv`)).toBe("my edits");
  });

  it("says how to bring a set that is not shipped, and what is missing in a folder", async () => {
    expect(await folder.refused("data", "get", "calendering-nmc111-gap")).toContain("--from DIR");
    expect(await folder.refused("data", "get", "calendering-nmc111-gap", "--from", ".")).toContain(
      "does not hold data.csv",
    );
  });

  it("says so where a file is in the way of its folder", async () => {
    folder.write("file", "");
    expect(await folder.refused("data", "get", name, "--dir", "file")).toContain("cannot be made");
  });
});
