import { candidateLabel } from "../evaluation/candidate-model.js";
import type { ModelRecord, OutcomeRecord } from "./model-record.js";

/**
 * The model in words: what it predicts, from what data, how good it is where it had not looked, and what it must not be
 * used for.
 *
 * @see Mitchell et al. (2019), Model Cards for Model Reporting, FAT* '19
 */
export function modelCard(record: ModelRecord): string {
  const sections = [
    [`# ${record.campaign}, model ${record.version}`, introduction(record)],
    ["## What it predicts", predicts(record)],
    ["## From what", learnedFrom(record)],
    ["## How good it is", quality(record)],
    ["## What it must not be used for", misuse(record)],
    ["## Limits and notes", [...record.messages, ...record.notes].map((line) => `- ${line}`).join("\n")],
  ] as const;
  return `${sections
    .filter(([, text]) => text !== "")
    .map(([title, text]) => `${title}\n\n${text}`)
    .join("\n\n")}\n`;
}

function introduction(record: ModelRecord): string {
  return (
    `Trained ${record.createdAt} by Cellwright ${record.codeVersion}, seed ${record.seed}. ` +
    `Campaign ${record.campaignHash.slice(0, 12)}, data ${record.dataHash.slice(0, 12)}.`
  );
}

function predicts(record: ModelRecord): string {
  const learned = record.outcomes.map(
    (outcome) =>
      `- **${outcome.name}** (${outcome.unit}) by ${candidateLabel(outcome.candidate)}. ${outcome.reason}${parameterLines(outcome)}`,
  );
  const others = record.notLearned.map(({ outcome, why }) => `- ${outcome}: not learned. ${why}`);
  return [...learned, ...others].join("\n");
}

/** Fitted parameters of the law that an outcome was learned around, a line each. */
function parameterLines({ description }: OutcomeRecord): string {
  const suffix = ", 95 % interval";
  return Object.entries(description)
    .filter(([key]) => key.endsWith(suffix))
    .map(([key, interval]) => {
      const name = key.slice(0, -suffix.length);
      const value = Object.entries(description).find(
        ([other]) => other === name || other.startsWith(`${name} (`),
      );
      return `\n  - ${value?.[0] ?? name} ${value?.[1] ?? ""} (95 % interval ${interval})`;
    })
    .join("");
}

function learnedFrom(record: ModelRecord): string {
  const measured = record.trials.filter(({ origin }) => origin === "measured").length;
  const synthetic = record.trials.length - measured;
  const source = record.spec.data === undefined ? "the campaign's store or a file" : record.spec.data;
  const lines = [
    `${record.trials.length} trials from ${source}: ${measured} measured, ${synthetic} SYNTHETIC.`,
    ...record.outcomes.map(({ name, rows, groups }) => `- ${name}: ${rows} observations in ${groups} groups`),
    "",
    "Inputs and the range that its encoding covers:",
    ...record.space.parameters.map(
      (parameter) => `- ${parameter.name} (${parameter.unit}): ${rangeOf(parameter)}`,
    ),
    ...record.space.context.map((variable) => {
      const range = variable.kind === "number" ? record.space.contextRanges[variable.name] : undefined;
      return `- ${variable.name} (${variable.unit}, context): ${range ? `${range[0]} to ${range[1]}` : rangeOf(variable)}`;
    }),
  ];
  return lines.join("\n");
}

function rangeOf(
  input: ModelRecord["space"]["parameters"][number] | ModelRecord["space"]["context"][number],
): string {
  if ("choices" in input) return input.choices.join(", ");
  if ("values" in input) return input.values.join(", ");
  return input.min === undefined || input.max === undefined ? "not bounded" : `${input.min} to ${input.max}`;
}

function quality(record: ModelRecord): string {
  const { folds } = record.settings;
  const how =
    folds === "leave-one-group-out" ? "one group left out at a time" : `${folds} folds of whole groups`;
  const rows = record.outcomes.flatMap((outcome) => [
    scoreRow(outcome, "all", outcome.scores),
    ...outcome.withinContext.map((level) =>
      scoreRow(
        outcome,
        Object.entries(level.context)
          .map(([name, value]) => `${name} ${value}`)
          .join(", "),
        level,
      ),
    ),
  ]);
  return [
    `Cross-validated with ${how}; hyperparameters fitted anew in every fold. R² is of group means. A pooled R² may only`,
    "tell the levels of the context apart: read the line of the level that is in use.",
    "",
    "| outcome | inside | groups | R² | RMSE | 95 % interval held |",
    "|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function scoreRow(outcome: OutcomeRecord, inside: string, scores: OutcomeRecord["scores"]): string {
  if (scores === null)
    return `| ${outcome.name} | ${inside} | ${outcome.groups} | too few groups to tell | | |`;
  const r2 = scores.r2 === null ? "–" : scores.r2.toFixed(2);
  const held = `${Math.round(100 * scores.coverage95)} % of ${scores.observations}`;
  return `| ${outcome.name} | ${inside} | ${scores.groups} | ${r2} | ${shortNumber(scores.rmse)} ${outcome.unit} | ${held} |`;
}

/** Three significant digits. */
function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function misuse(record: ModelRecord): string {
  const unskilled = record.outcomes.flatMap((outcome) => unskilledLevels(outcome));
  return [
    "- Settings outside the ranges above, another machine, material or cell: it was not tested there.",
    "- Judging a parameter's effect where it changed together with something else in the data.",
    "- Replacing a safety limit or a release measurement. It proposes; a person decides.",
    ...unskilled.map(
      (where) => `- ${where}: no skill (R² ≤ 0). Use the share of past runs that passed instead.`,
    ),
    ...record.outcomes
      .filter(({ scores }) => scores === null)
      .map(({ name }) => `- ${name}: measured in too few groups to be judged at all.`),
    ...(record.trials.some(({ origin }) => origin === "SYNTHETIC")
      ? ["- Decisions about real runs: SYNTHETIC rows were among those it learned from."]
      : []),
  ].join("\n");
}

function unskilledLevels(outcome: OutcomeRecord): readonly string[] {
  const levels = outcome.withinContext
    .filter(({ r2 }) => r2 !== null && r2 <= 0)
    .map(
      ({ context }) =>
        `${outcome.name} at ${Object.entries(context)
          .map(([k, v]) => `${k} ${v}`)
          .join(", ")}`,
    );
  const pooled = outcome.scores !== null && outcome.scores.r2 !== null && outcome.scores.r2 <= 0;
  return pooled ? [outcome.name] : levels;
}
