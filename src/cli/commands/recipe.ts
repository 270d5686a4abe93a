import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { openCampaign } from "../../adapters/open-campaign.js";
import { stageFile, type StagedFile } from "../../adapters/write-file-atomic.js";
import { nearestName } from "../../data/nearest-name.js";
import { CellwrightError } from "../../errors.js";
import { CALENDER_FORMATS } from "../../process/calendering/recipes/calender-recipe.js";
import { writeCalenderRecipe } from "../../process/calendering/recipes/write-calender-recipe.js";
import { RECIPE_FORMATS } from "../../process/formation/recipes/recipe-formats.js";
import { writeRecipe } from "../../process/formation/recipes/write-recipe.js";
import { calenderRecipeOf } from "../calender-recipe-of.js";
import type { CliEffects } from "../effects.js";
import { printNotes } from "../print-notes.js";
import { formationRecipeOf } from "../formation-recipe-of.js";
import { type RecipeSource, recipeSource } from "../recipe-source.js";

export interface RecipeOptions {
  readonly trial?: string;
  readonly set?: readonly string[];
  readonly format?: string;
  readonly out?: string;
  readonly force?: boolean;
}

interface OutputFile {
  readonly format: string;
  readonly part: string | null;
  readonly extension: string;
  readonly text: string;
}

/** `cellwright recipe`: a trial or settings as files for a cycler or a calender, each read back before it is written. */
export async function recipe(path: string, options: RecipeOptions, effects: CliEffects): Promise<void> {
  const opened = await openCampaign(path, { cwd: effects.cwd, store: "read", signal: effects.signal });
  const source = await Promise.resolve(opened)
    .then(({ campaign }) => recipeSource(campaign, options, effects.now()))
    .finally(() => opened.store?.close());
  const { files, notes } = filesOf(source, options);
  if (options.out === undefined) printAlone(files, effects);
  else await writeFiles(files, source.name, options, effects);
  printNotes(notes, effects);
  effects.err("A proposal: have a person check every value before it runs.\n");
}

function filesOf(
  source: RecipeSource,
  options: RecipeOptions,
): { readonly files: readonly OutputFile[]; readonly notes: readonly string[] } {
  if (source.campaign.process === "calendering") {
    const recipe = calenderRecipeOf(source);
    const files = chosen(CALENDER_FORMATS, options).map((format) => ({
      format: format.name,
      part: null,
      extension: format.extension,
      text: writeCalenderRecipe(recipe, format),
    }));
    return { files, notes: recipe.notes };
  }
  const recipe = formationRecipeOf(source);
  const formats = chosen(RECIPE_FORMATS, options);
  const files = formats.flatMap((format) =>
    writeRecipe(recipe, format).map(({ part, text }) => ({
      format: format.name,
      part,
      extension: format.extension,
      text,
    })),
  );
  return { files, notes: recipe.notes };
}

/** The format that was asked for; every one into a folder, else the first. */
function chosen<T extends { readonly name: string }>(
  formats: readonly T[],
  options: RecipeOptions,
): readonly T[] {
  const names = formats.map(({ name }) => name);
  if (options.format === undefined) {
    if (options.out !== undefined) return formats;
    throw new CellwrightError(
      "USAGE",
      `Say which --format (${names.join(", ")}), or --out FOLDER for all of them.`,
    );
  }
  const found = formats.filter(({ name }) => name === options.format);
  if (found.length > 0) return found;
  const near = nearestName(options.format, names);
  throw new CellwrightError(
    "USAGE",
    `--format: found "${options.format}", expected one of ${names.join(", ")}.${near === undefined ? "" : ` Did you mean ${near}?`}`,
  );
}

function printAlone(files: readonly OutputFile[], effects: CliEffects): void {
  const [only, more] = files;
  if (more !== undefined) {
    throw new CellwrightError(
      "USAGE",
      `The ${only!.format} form of this recipe is ${files.length} files, one for each safety window. Give --out FILE.`,
    );
  }
  effects.out(only!.text);
}

/** All files or none: each is whole on the disk before the first takes its name. */
async function writeFiles(
  files: readonly OutputFile[],
  name: string,
  options: RecipeOptions,
  effects: CliEffects,
): Promise<void> {
  const out = options.out!;
  const isFolder = isExistingFolder(resolve(effects.cwd, out));
  if (options.format === undefined && !isFolder) {
    throw new CellwrightError(
      "USAGE",
      `--out: ${out} is no folder. Make it to have every format written into it, or say which --format.`,
    );
  }
  const named = files.map((file) => ({
    ...file,
    path: isFolder ? join(out, nameOf(file, name)) : partOf(file, out),
  }));
  const taken = named.filter(({ path }) => existsSync(resolve(effects.cwd, path)));
  if (taken.length > 0 && options.force !== true) {
    throw new CellwrightError(
      "FILE_UNWRITABLE",
      `${taken.map(({ path }) => path).join(", ")}: there already; nothing was written. Choose another name, or add --force to overwrite.`,
    );
  }
  const staged: StagedFile[] = [];
  try {
    for (const { path, text } of named) staged.push(await stageFile(resolve(effects.cwd, path), text));
    for (const file of staged) await file.commit();
  } catch (error) {
    for (const file of staged) await file.discard();
    throw error;
  }
  for (const { path } of named) effects.err(`Wrote ${path}\n`);
}

const isExistingFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** A trial's id may hold what a file name must not. */
const nameOf = (file: OutputFile, name: string): string =>
  `${[name.replaceAll(/[^\w.-]/gu, "_"), file.format, ...(file.part === null ? [] : [file.part])].join(".")}.${file.extension}`;

/** Parts of one recipe are told apart before the extension: `recipe.xml` becomes `recipe.1-precharge.xml`. */
function partOf({ part, extension }: OutputFile, out: string): string {
  if (part === null) return out;
  const end = /\.[^./\\]+$/u.exec(out)?.[0];
  return end === undefined ? `${out}.${part}.${extension}` : `${out.slice(0, -end.length)}.${part}${end}`;
}
