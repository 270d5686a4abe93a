import type { Campaign } from "../campaign/campaign.js";
import type { CampaignDesign, DesignRun } from "../campaign/design.js";
import { formatPlain } from "../plots/format.js";
import type { CliEffects } from "./effects.js";
import { fittedTable, tableOrColumns } from "./fitted-table.js";
import { settingText, titleOf } from "./setting-text.js";
import { wrapText } from "./wrap-text.js";

const POINT_WORDS = {
  ...{ factorial: "corner", axial: "axial point", edge: "middle of an edge", center: "centre point" },
  ...{ spread: "spread", optimal: "optimal" },
} as const;

/** What a row of a design is, in words: a comment beside its trial. */
export function rowWords({ kind, runs }: CampaignDesign, run: DesignRun): string {
  const block = runs.some((one) => one.block > 1) ? `, block ${run.block}` : "";
  const repeat = run.repeats === undefined ? "" : `, repeats ${run.repeats} on purpose`;
  return `${kind} design, row ${run.standard}${block}: ${POINT_WORDS[run.type]}${run.moved ? ", moved inside the constraints" : ""}${repeat}`;
}

/** The runs in the order in which they are to be done. */
export function designTable(campaign: Campaign, answer: CampaignDesign, effects: CliEffects): string {
  const { parameters, context } = campaign.space;
  const blocked = answer.runs.some(({ block }) => block > 1);
  const head = ["run", "trial", ...(blocked ? ["block"] : []), ...parameters.map(titleOf), "point"];
  const rows = answer.runs.map((run, i) => [
    String(i + 1),
    run.trial,
    ...(blocked ? [String(run.block)] : []),
    ...parameters.map((p) => settingText(p, run.parameters[p.name] ?? "–")),
    `${POINT_WORDS[run.type]}${run.moved ? " (moved)" : ""}${run.repeats === undefined ? "" : `, repeats ${run.repeats}`}`,
  ]);
  const [first] = answer.runs;
  const state = context.map(({ name, unit, kind }) => {
    const value = formatPlain(first?.context[name] ?? "–");
    return `${name} ${value}${kind === "categorical" || unit === "1" ? "" : ` ${unit}`}`;
  });
  const given = state.length === 0 ? [] : [wrapText(`Given: ${state.join(", ")}.`, effects.columns, "  ")];
  return [tableOrColumns(head, rows, effects), ...given].join("\n");
}

/** Aliases that are listed. */
const SHOWN_ALIASES = 15;

/** What the design can tell: efficiency, standard errors with power, aliases. */
export function designWords(answer: CampaignDesign, effects: CliEffects): string {
  const { quality, model, runs, fraction, mixedWithBlocks } = answer;
  const lines: string[] = [];
  const line = (text: string): void => void lines.push(wrapText(text, effects.columns, "  "));
  if (quality === null)
    line(
      `${runs.length} runs. Not even a regression of the ${model} model can be fitted from them: more runs, or other levels.`,
    );
  else {
    line(
      `${runs.length} runs for the ${model} model (${quality.terms.length + 1} terms): D-efficiency ${percent(quality.dEfficiency)}, G-efficiency ${percent(quality.gEfficiency)}, mean prediction variance ${quality.meanVariance.toFixed(3)} of one run's.`,
    );
    lines.push(termTable(answer, effects));
    line(
      "Standard errors of coefficients in scatters of one run; power: chance to find an effect of two scatters between the ends, 5 % level.",
    );
  }
  if (fraction !== null && fraction.resolution !== null) {
    line(`Fraction of resolution ${fraction.resolution}: ${fraction.generators.join(", ")}.`);
    if (fraction.aliasChains.length > 0) line(`Cannot be told apart: ${fraction.aliasChains.join("; ")}.`);
  }
  lines.push(...aliasLines(answer, effects));
  if (mixedWithBlocks.length > 0) line(`Partly mixed with blocks: ${mixedWithBlocks.join(", ")}.`);
  else if (runs.some(({ block }) => block > 1))
    line("Blocks are orthogonal to main effects and products of two.");
  return `${lines.join("\n")}\n`;
}

function termTable({ quality }: CampaignDesign, effects: CliEffects): string {
  const rows = quality!.terms.map(({ term, standardError, power }) => [
    term,
    standardError.toFixed(3),
    power === null ? "no spare run" : percent(100 * power),
  ]);
  return fittedTable(
    { head: ["term", "standard error", "power"], rows, align: ["left", "right", "right"] },
    effects,
  );
}

function aliasLines({ aliases }: CampaignDesign, effects: CliEffects): string[] {
  if (aliases.length === 0) return [];
  const strongest = aliases.toSorted((a, b) => Math.abs(b.share) - Math.abs(a.share)).slice(0, SHOWN_ALIASES);
  const listed = strongest.map(
    ({ term, leftOut, share }) => `${term} takes ${share.toFixed(2)} of ${leftOut}`,
  );
  const more =
    aliases.length > listed.length ? `; and ${aliases.length - listed.length} more (--format json)` : "";
  return [wrapText(`Bias by terms that are left out: ${listed.join("; ")}${more}.`, effects.columns, "  ")];
}

const percent = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} %`;
