import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { makeFolder } from "../../adapters/make-folder.js";
import { writeFileAtomic } from "../../adapters/write-file-atomic.js";
import { campaignJsonSchema } from "../../campaign/campaign-spec.js";
import { nearestName } from "../../data/nearest-name.js";
import { CellwrightError } from "../../errors.js";
import { campaignTemplate, type TemplateChoice } from "../campaign-templates.js";
import type { CliEffects } from "../effects.js";

const SCHEMA_FILE = ".cellwright/campaign.schema.json";

/** `cellwright init`: a campaign file with every field explained, and an empty data file with its header. */
export async function init(
  process: string,
  options: TemplateChoice & { readonly dir: string },
  effects: CliEffects,
): Promise<void> {
  if (process !== "calendering" && process !== "formation") {
    const near = nearestName(process, ["calendering", "formation"]);
    const remedy = near === undefined ? "" : ` Did you mean ${near}?`;
    throw new CellwrightError(
      "USAGE",
      `init: found "${process}", expected calendering or formation.${remedy}`,
    );
  }
  const template = campaignTemplate(process, options);
  const folder = resolve(effects.cwd, options.dir);
  const files = [
    [template.campaignFile, template.campaign],
    [template.dataFile, template.data],
  ] as const;
  for (const [name] of files) {
    if (existsSync(join(folder, name))) {
      throw new CellwrightError(
        "FILE_UNWRITABLE",
        `${join(options.dir, name)} is there already; nothing was written. Choose another folder with --dir.`,
      );
    }
  }
  // Editors that know the YAML language server check and complete the campaign file with it.
  const schema = [SCHEMA_FILE, `${JSON.stringify(campaignJsonSchema(), null, 2)}\n`] as const;
  await makeFolder(join(folder, dirname(SCHEMA_FILE)), options.dir);
  await writeAll(folder, [schema, ...files]);
  effects.out(instructions(options.dir, template.campaignFile, template.dataFile));
}

/** Writes new files; where one fails, those before it are gone again. */
async function writeAll(
  folder: string,
  files: readonly (readonly [name: string, text: string])[],
): Promise<void> {
  const written: string[] = [];
  try {
    for (const [name, text] of files) {
      await writeFileAtomic(join(folder, name), text);
      if (name !== SCHEMA_FILE) written.push(name); // another campaign of the folder may use the schema
    }
  } catch (error) {
    for (const name of written) await rm(join(folder, name), { force: true });
    throw error;
  }
}

function instructions(dir: string, campaignFile: string, dataFile: string): string {
  const campaign = join(dir, campaignFile);
  return `Wrote ${campaign} and ${join(dir, dataFile)}.

parameters   what you choose: bounds, steps (step), fixed sets (values), names (choices), whole numbers (type: integer)
context      what you measure but do not choose; value is the state that suggestions are for
outcomes     what you measure: goal (maximize, minimize, target), spec (limits to hold), threshold, formula
constraints  relations that every suggestion satisfies, for example line_load <= 1800 - 6 * roll_temperature
group        the column of runs that belong together (coil, protocol)

Next:
  1. Edit ${campaign}: your bounds, your outcomes, your limits.
  2. Type past runs into ${join(dir, dataFile)} (or leave it empty), then: cellwright data check ${campaign}
  3. cellwright suggest ${campaign}
  4. Run the experiments, then: cellwright record ${campaign} trial=… outcome=…
`;
}
