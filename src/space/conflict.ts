import { CellwrightError, type Problem } from "../errors.js";
import type { Rng } from "../math/rng.js";
import type { Column } from "./encode.js";
import { findFeasible } from "./find-feasible.js";
import type { Region } from "./region.js";

/** Encoded distance to which a bound that is left out recedes; on a log scale, the factor. Assumption: practically free. */
const FAR = 1e6;

/** One thing that the request demands and that a person could give up. */
interface Demand {
  readonly problem: Problem;
  readonly kind: "constraint" | "fixed" | "context" | "steps" | "min" | "max";
  /** Index of the constraint, or of the column. */
  readonly index: number;
}

function shown(column: Column, raw: number): string {
  if (column.choices !== null) return column.choices[raw] ?? String(raw);
  const text = String(Number(raw.toPrecision(7)));
  return column.unit === "" || column.unit === "1" ? text : `${text} ${column.unit}`;
}

const TOGETHER = "room for the others listed here";

function columnDemands(region: Region, column: Column, index: number, fixed: boolean): Demand[] {
  const demand = (kind: Demand["kind"], where: string, found: string, remedy: string): Demand => ({
    kind,
    index,
    problem: { where, found, expected: TOGETHER, remedy },
  });
  const { name } = column;
  const demands: Demand[] = [];
  const value = shown(column, region.base[index]!);
  if (column.role === "context") {
    return [demand("context", `context.${name}`, value, `Ask for another state: --context ${name}=…`)];
  }
  if (fixed) {
    demands.push(demand("fixed", `fixed.${name}`, value, `Leave ${name} free or fix it elsewhere.`));
  }
  if (column.levels !== null)
    demands.push(demand("steps", `parameters.${name}`, "its steps", "Allow finer steps or more values."));
  demands.push(demand("min", `parameters.${name}.min`, shown(column, column.min), "Lower it."));
  demands.push(demand("max", `parameters.${name}.max`, shown(column, column.max), "Raise it."));
  return demands;
}

/** In the order in which they are given up if the rest still conflicts: what the user typed last first, constraints last. */
function listDemands(region: Region, fixed: ReadonlySet<string>): Demand[] {
  const involved = [...new Set(region.constraints.flatMap(({ columns }) => columns))].toSorted(
    (a, b) => a - b,
  );
  const ofColumns = involved.flatMap((j) => {
    const column = region.columns[j]!;
    return columnDemands(region, column, j, column.role === "parameter" && fixed.has(column.name));
  });
  const ofConstraints = region.constraints.map(
    (constraint, index): Demand => ({
      kind: "constraint",
      index,
      problem: {
        where: constraint.where ?? `constraint ${constraint.name}`,
        found: constraint.source,
        expected: TOGETHER,
        remedy:
          constraint.reason === undefined
            ? "Relax it, or another one."
            : `Its reason: ${constraint.reason.replace(/\.$/u, "")}.`,
      },
    }),
  );
  const order: readonly Demand["kind"][] = ["fixed", "context", "steps", "min", "max"];
  return [...order.flatMap((kind) => ofColumns.filter((demand) => demand.kind === kind)), ...ofConstraints];
}

/** The column without the demands that were given up; its encoding stays. */
function relaxColumn(column: Column, has: (kind: Demand["kind"]) => boolean): Column {
  if (column.choices !== null) return column;
  const centre = column.toRaw(0.5);
  const reach = column.scale === "log" ? (14 * centre) / column.slope(centre) : FAR; // log(1e6) ≈ 14
  const [low, high] = column.role === "context" ? [false, false] : [has("min"), has("max")];
  const bounded = {
    lower: low ? column.lower : -reach,
    upper: high ? column.upper : reach,
    min: low ? column.min : Number.NEGATIVE_INFINITY,
    max: high ? column.max : Number.POSITIVE_INFINITY,
  };
  const { levels } = column;
  if (levels === null || !has("steps")) return { ...column, ...bounded, levels: null, snap: (raw) => raw };
  // A set of values has no levels beyond its ends; steps go on.
  const endless = Number.isFinite(levels.value(levels.count)) && !(low && high);
  return { ...column, ...bounded, levels: endless ? { ...levels, count: Number.POSITIVE_INFINITY } : levels };
}

function relax(region: Region, kept: readonly Demand[]): Region {
  const has = (index: number) => (kind: Demand["kind"]) =>
    kept.some((demand) => demand.kind === kind && demand.index === index);
  const constraints = region.constraints.flatMap((constraint, i) => {
    if (!has(i)("constraint")) return [];
    const { joined } = constraint;
    return joined?.opposites.some((k) => has(k)("constraint")) === false ? joined.alone : constraint;
  });
  const involved = new Set(region.constraints.flatMap(({ columns }) => columns));
  const columns = region.columns.map((column, j) => (involved.has(j) ? relaxColumn(column, has(j)) : column));
  const free = columns.flatMap((_, j) => {
    const held = !involved.has(j) || has(j)("fixed") || has(j)("context");
    return held ? [] : [j];
  });
  return { columns, constraints, free, base: region.base };
}

/**
 * The error for a region in which nothing is feasible: a set of demands that conflict, and of which none can be left out.
 *
 * @param fixed - Names of the parameters that the request fixes.
 * @param proven - Whether it is certain that nothing is feasible.
 * @see Chinneck & Dravnieks (1991), "Locating minimal infeasible constraint sets in linear programs", the deletion filter
 */
export function conflictError(
  region: Region,
  fixed: ReadonlySet<string>,
  proven: boolean,
  rng: Rng,
): CellwrightError {
  let kept = listDemands(region, fixed);
  for (const demand of kept) {
    const rest = kept.filter((other) => other !== demand);
    if (findFeasible(relax(region, rest), rng).witness === null) kept = rest;
  }
  const names = kept.map(({ problem }) => `${problem.where} (${problem.found})`);
  const certainty = proven ? "No settings satisfy" : "No settings were found that satisfy";
  const problems = kept.map(({ problem }) => problem);
  return new CellwrightError("SPACE_UNSATISFIABLE", `${certainty} these together: ${names.join("; ")}.`, {
    problems,
    details: {
      members: problems.map(({ where }) => where),
      proven,
      summary: `${certainty} these together; one must give way.`,
    },
  });
}
