import type { z } from "zod";
import type { Problem } from "../errors.js";
import type { Knowledge } from "../space/knowledge.js";
import type { ContextVariable, Parameter } from "../space/parameter.js";
import type { Outcome } from "./campaign.js";
import type { DesirabilityGoal } from "./desirability.js";
import { desirabilityOutcome, readDesirability } from "./read-desirability.js";
import {
  contextSpec,
  desirabilitySpec,
  limitSpec,
  outcomeSpec,
  parameterSpec,
  SPEC_LIMITS,
} from "./campaign-spec.js";
import { withoutFields } from "./defined-fields.js";
import { maturingProblems } from "./maturing.js";
import { type NamedSections, nameProblems } from "./name-problems.js";
import {
  type FormulaScope,
  type FormulaSource,
  type OutcomeFormula,
  readFormulas,
} from "./outcome-formula.js";
import { type CampaignConstraint, readConstraints, readSafetyLimits } from "./read-limits.js";
import { type ReadOutcome, readOutcome } from "./read-outcomes.js";
import { type EntryReport, entryReport, readContext, readParameter } from "./read-parameters.js";
import { type FeatureRole, type FeatureSpec, withFeature } from "./input-features.js";
import { withEarlier } from "./earlier-settings.js";
import { spellingRemedy } from "./spelling.js";
import { isLimited } from "./is-limited.js";

/** What a campaign file says, as far as it can be read; problems are in the list that was passed. */
export interface ReadSpec {
  readonly parameters: readonly Parameter[];
  readonly context: readonly ContextVariable[];
  readonly outcomes: readonly Outcome[];
  readonly desirability: readonly DesirabilityGoal[];
  readonly constraints: readonly CampaignConstraint[];
  readonly messages: readonly string[];
  readonly notes: readonly string[];
  /** Safety limits that the file replaces, with who answers for it and why. */
  readonly limitChanges: readonly string[];
}

export interface ReadSpecOptions {
  readonly knowledge?: Knowledge;
  readonly columns?: ReadonlyMap<string, string>;
  readonly problems: Problem[];
}

/**
 * Reads the sections of a file entry by entry, so that one bad entry hides no problem of another. Problems of shape
 * are listed by the schema; here are those that one field alone cannot show.
 */
export function readSpec(raw: unknown, options: ReadSpecOptions): ReadSpec {
  const { problems, knowledge } = options;
  const messages: string[] = [];
  const root = isRecord(raw) ? raw : {};
  const group = typeof root["group"] === "string" ? root["group"] : undefined;
  const wholePlot = typeof root["whole_plot"] === "string" ? root["whole_plot"] : undefined;
  problems.push(...nameProblems(namedSections(root), { group, whole_plot: wholePlot }));
  const read = <S extends z.ZodType, T>(section: string, schema: S, one: ReadEntry<S, T>): T[] =>
    parsedEntries(root[section], schema).flatMap(([name, spec]) => {
      const entry = one(name, spec, entryReport(`${section}.${name}`, problems, messages));
      return entry === null ? [] : [entry];
    });
  const defaults = new Map(knowledge?.parameters.map((p) => [p.name, p]));
  const scaled = <S extends FeatureSpec>(name: string, spec: S, role: FeatureRole, report: EntryReport): S =>
    withFeature(
      spec,
      knowledge?.features?.find((feature) => feature.name === name),
      role,
      report,
    );
  const parameters = read("parameters", parameterSpec, (name, spec, report) =>
    withEarlier(
      readParameter(name, scaled(name, spec, "parameter", report), defaults.get(name), report),
      spec.was,
      report,
    ),
  );
  const context = read("context", contextSpec, (name, spec, report) =>
    readContext(name, scaled(name, spec, "context", report), report),
  );
  const numeric = [...parameters, ...context].filter(({ kind }) => kind !== "categorical");
  const about = { inputs: numeric.map(({ name }) => name), ...(knowledge && { knowledge }) };
  const outcomes = read("outcomes", outcomeSpec, (name, spec, report) =>
    readOutcome(name, spec, group, report, about),
  );
  const scope = createScope(root, [...parameters, ...context], outcomes, options);
  const finished = addFormulas(outcomes, scope, problems, messages);
  const constraints = readConstraints(stringEntries(root["constraints"]), scope, problems);
  const limits = readSafetyLimits(
    new Map(parsedEntries(root["limits"], limitSpec)),
    knowledge,
    scope,
    problems,
  );
  problems.push(...maturingProblems(finished, scope.broken));
  checkProcess(root, parameters, problems, messages);
  const entries = parsedEntries(root["desirability"], desirabilitySpec);
  const desirability = entries.length === 0 ? [] : readDesirability(entries, finished, problems);
  if (desirability.length > 0) finished.push(desirabilityOutcome(desirability, finished));
  checkPurpose(finished, messages);
  if (isRecord(root["risk"])) checkRisk(parameters, problems);
  return {
    parameters,
    context,
    outcomes: finished,
    desirability,
    constraints: [...constraints, ...limits.constraints],
    messages,
    notes: [...limits.notes, ...stringEntries(root["notes"])],
    limitChanges: limits.notes,
  };
}

type ReadEntry<S extends z.ZodType, T> = (name: string, spec: z.infer<S>, report: EntryReport) => T | null;

function namedSections(root: Readonly<Record<string, unknown>>): NamedSections {
  const namesIn = (section: unknown): string[] | null => (isRecord(section) ? Object.keys(section) : null);
  return {
    parameters: namesIn(root["parameters"]),
    context: namesIn(root["context"]),
    outcomes: namesIn(root["outcomes"]),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stringEntries(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/** Entries of a section whose own shape is right. */
function parsedEntries<S extends z.ZodType>(section: unknown, schema: S): [string, z.infer<S>][] {
  if (!isRecord(section)) return [];
  return Object.entries(section)
    .slice(0, SPEC_LIMITS.constraints)
    .flatMap(([name, value]) => {
      const parsed = schema.safeParse(value);
      return parsed.success ? [[name, parsed.data] as [string, z.infer<S>]] : [];
    });
}

function createScope(
  root: Readonly<Record<string, unknown>>,
  variables: readonly (Parameter | ContextVariable)[],
  outcomes: readonly ReadOutcome[],
  options: ReadSpecOptions,
): FormulaScope {
  const numeric = variables.filter((v) => v.kind !== "categorical");
  const readNames = new Set([...variables, ...outcomes].map((v) => v.name));
  const written = ["parameters", "context", "outcomes"].flatMap((s) =>
    isRecord(root[s]) ? Object.keys(root[s]) : [],
  );
  const badUnits = options.problems.flatMap(
    (p) => /^(?:parameters|context|outcomes)\.([^.]+)\.unit$/.exec(p.where)?.[1] ?? [],
  );
  const broken = new Set([...written.filter((name) => !readNames.has(name)), ...badUnits]);
  return {
    settings: new Map(numeric.filter((v) => !broken.has(v.name)).map((v) => [v.name, v.unit])),
    choices: new Set(variables.filter((v) => v.kind === "categorical").map((v) => v.name)),
    outcomes: new Map(outcomes.filter((o) => !broken.has(o.name)).map((o) => [o.name, o.unit])),
    ...(options.columns === undefined ? {} : { columns: options.columns }),
    ...(options.knowledge === undefined ? {} : { knowledge: options.knowledge }),
    broken,
  };
}

function addFormulas(
  outcomes: readonly ReadOutcome[],
  scope: FormulaScope,
  problems: Problem[],
  messages: string[],
): Outcome[] {
  const sources = outcomes.flatMap<FormulaSource>(({ name, unit, formulaSource, formulaError }) => {
    if (formulaSource === undefined || scope.broken.has(name)) return [];
    return [
      {
        outcome: name,
        unit,
        source: formulaSource,
        ...(formulaError === undefined ? {} : { error: formulaError }),
      },
    ];
  });
  const formulas = readFormulas(sources, scope, problems);
  return outcomes.map((read) => {
    const outcome = withoutFields(read, "formulaSource", "formulaError");
    const formula = formulas.get(outcome.name);
    if (formula === undefined) return outcome;
    if (outcome.composite === true) checkComposite(outcome.name, formula, problems, messages);
    if (formula.columns.length > 0 && scope.columns === undefined) {
      messages.push(
        `outcomes.${outcome.name}: ${formula.columns.join(", ")} is read from the data's column of that name; the outcome is computed per row and learned`,
      );
    }
    if (formula.error !== undefined && !formula.known) {
      messages.push(
        `outcomes.${outcome.name}: error is not used, because the formula reads measured columns and is learned`,
      );
    }
    return { ...outcome, formula };
  });
}

/** A composite formula reads learned outcomes, never a column of the data that nobody predicts. */
function checkComposite(
  name: string,
  formula: OutcomeFormula,
  problems: Problem[],
  messages: string[],
): void {
  if (formula.known)
    messages.push(`outcomes.${name}: composite changes nothing, because the formula reads settings alone`);
  if (formula.columns.length === 0) return;
  problems.push({
    where: `outcomes.${name}.composite`,
    found: `a formula of ${formula.columns.join(", ")}, which no outcome is called`,
    expected: "a formula of outcomes, parameters and context",
    remedy: "Declare what is measured as outcomes, or remove composite.",
  });
}

function checkProcess(
  root: Readonly<Record<string, unknown>>,
  parameters: readonly Parameter[],
  problems: Problem[],
  messages: string[],
): void {
  const cell = isRecord(root["cell"]) ? root["cell"] : undefined;
  const [lower, upper] = [cell?.["lower_voltage"], cell?.["upper_voltage"]];
  if (typeof lower === "number" && typeof upper === "number" && !(lower < upper)) {
    problems.push({
      where: "cell.lower_voltage",
      found: `${lower} V, not below ${upper} V`,
      expected: "less than upper_voltage",
      remedy: "Exchange the two.",
    });
  }
  if (root["process"] === "formation" && root["cell"] === undefined) {
    messages.push(
      "cell is missing: no formation suggestion or recipe is given without the cell's rating (upper_voltage, lower_voltage, capacity)",
    );
  }
  const names = parameters.map((parameter) => parameter.name);
  for (const name of isRecord(root["protocol"]) ? Object.keys(root["protocol"]) : []) {
    if (names.includes(name) || (isRecord(root["parameters"]) && Object.hasOwn(root["parameters"], name)))
      continue;
    problems.push({
      where: `protocol.${name}`,
      found: `the unknown parameter ${name}`,
      expected: "a parameter of the campaign",
      remedy: spellingRemedy(name, names),
    });
  }
}

/** Risk under tolerances needs one, and a logarithmic setting must stay above 0 within it. */
function checkRisk(parameters: readonly Parameter[], problems: Problem[]): void {
  const held = parameters.filter((p) => "tolerance" in p && p.tolerance !== undefined);
  if (held.length === 0) {
    problems.push({
      where: "risk",
      found: "no parameter with a tolerance",
      expected: "a tolerance: the settings that the plant may hold",
      remedy:
        "Add tolerance: <± in the parameter's unit> to what the machine holds only roughly, or remove risk.",
    });
  }
  for (const parameter of held) {
    if (!("tolerance" in parameter) || parameter.tolerance === undefined || parameter.scale !== "log")
      continue;
    const least = parameter.kind === "discrete" ? parameter.values[0]! : parameter.min;
    if (least > 2 * parameter.tolerance) continue; // draws reach twice the tolerance, at four standard deviations
    problems.push({
      where: `parameters.${parameter.name}.tolerance`,
      found: `± ${parameter.tolerance} from ${least} on a logarithmic scale`,
      expected: "at most half of the smallest setting, where risk is asked",
      remedy: "State a smaller tolerance, or scale: linear.",
    });
  }
}

function checkPurpose(outcomes: readonly Outcome[], messages: string[]): void {
  const purpose = outcomes.some((o) => o.goal !== undefined || isLimited(o));
  if (!purpose && outcomes.length > 0)
    messages.push(
      "no outcome has a goal or a specification: models can be trained, but nothing can be suggested",
    );
}
