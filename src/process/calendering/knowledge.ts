import type { KnownFormula, Knowledge, SafetyLimit } from "../../space/knowledge.js";
import { calenderingCostUsdPerM2 } from "../economics/calendering-cost.js";
import { calenderingEnergyKwhPerM2 } from "../economics/calendering-energy.js";
import { type Economics, REFERENCE_ECONOMICS } from "../economics/economic-constants.js";
import { MACHINE_MAX_LINE_LOAD_N_PER_MM } from "./calender.js";
import { checkCalenderedRun } from "./check-run.js";
import { compactionOffer } from "./compaction-offer.js";
import { CALENDERING_FEATURES, CALENDERING_RULES } from "./shape-rules.js";
import { type ElectrodeMaterial, findMaterial } from "./materials.js";

/** Highest roll temperature measured on a PVDF cathode in the shipped pilot set, degC. */
const PVDF_MAX_ROLL_TEMPERATURE_C = 145;
/** CMC/SBR electrodes stay below this on the calender, degC (assumption). */
const SBR_MAX_ROLL_TEMPERATURE_C = 100;

/**
 * What calendering knows: limits, known cost, and default ranges by material.
 *
 * @param options.material - A preset's name, or a material with the campaign's values.
 * @param options.names - The campaign's parameters and context; limits on absent names are left out.
 * @param options.notes - What reading the material found.
 * @param options.economics - Constants of the cost model, the plant's own where it stated them.
 */
export function calenderingKnowledge(options: {
  readonly material?: string | ElectrodeMaterial;
  readonly names: ReadonlySet<string>;
  readonly notes?: readonly string[];
  readonly economics?: Economics;
}): Knowledge {
  const given = options.material;
  const material = typeof given === "string" ? findMaterial(given) : given;
  return {
    name: "calendering",
    version: 1,
    formulas: formulas(options.economics ?? REFERENCE_ECONOMICS),
    limits: limits(material).filter((limit) => options.names.has(limit.name.split(" ")[0]!)),
    parameters: material === undefined ? [] : defaults(material),
    priorMeans: [compactionOffer(material)],
    monotone: CALENDERING_RULES,
    features: CALENDERING_FEATURES,
    check: () => [],
    checkRun: (run) => checkCalenderedRun(run, material),
    notes: [...(options.notes ?? []), ...couplingNotes(material)],
  };
}

/** What calendering does to the step after it. */
function couplingNotes(material: ElectrodeMaterial | undefined): readonly string[] {
  if (material?.electrode !== "anode") return [];
  const least = Math.round(100 * material.transport.poreClosurePorosity);
  return [
    `An over-compacted anode plates lithium in formation: below about ${least} % porosity (assumption) pores close and ionic resistance rises. Give porosity a specification, and check the first charge of cells from the densest runs.`,
  ];
}

function formulas(economics: Economics): KnownFormula[] {
  const settings = (values: Readonly<Record<string, number>>) => ({
    lineSpeedMPerMin: values["line_speed"]!,
    passes: values["passes"]!,
    rollTemperatureC: values["roll_temperature"]!,
  });
  const inputs = [
    { name: "line_speed", unit: "m/min" },
    { name: "passes", unit: "1", default: 1 },
    { name: "roll_temperature", unit: "degC", default: 25 },
  ];
  return [
    {
      name: "calendering.cost",
      unit: "USD/m2",
      description: "cost of the calendering step from speed, passes and roll temperature",
      inputs,
      evaluate: (values) => calenderingCostUsdPerM2(settings(values), economics),
    },
    {
      name: "calendering.energy",
      unit: "kWh/m2",
      description: "energy of the calendering step from line load, speed, passes and roll temperature",
      inputs: [...inputs, { name: "line_load", unit: "N/mm" }],
      evaluate: (values) =>
        calenderingEnergyKwhPerM2({ ...settings(values), lineLoadNPerMm: values["line_load"]! }, economics),
    },
  ];
}

function limits(material: ElectrodeMaterial | undefined): SafetyLimit[] {
  const sbr = material?.binder === "CMC/SBR";
  const limitC = sbr ? SBR_MAX_ROLL_TEMPERATURE_C : PVDF_MAX_ROLL_TEMPERATURE_C;
  return [
    {
      name: "roll_temperature limit",
      expression: `roll_temperature <= ${limitC} degC`,
      reason: sbr
        ? "CMC/SBR binder stays below 100 degC on the calender"
        : "highest measured setting of a PVDF cathode",
      source: sbr ? "assumption" : "calendering-nmc622-pilot",
    },
    {
      name: "line_load limit",
      expression: `line_load <= ${MACHINE_MAX_LINE_LOAD_N_PER_MM} N/mm`,
      reason: "machine limit of calenders",
      source: "assumption",
    },
  ];
}

function defaults(material: ElectrodeMaterial): Knowledge["parameters"] {
  const [minLoad, maxLoad] = material.lineLoadNPerMm;
  const [minC, maxC] = material.rollTemperatureC;
  return [
    { name: "line_load", unit: "N/mm", min: minLoad, max: maxLoad, scale: "log" },
    { name: "roll_temperature", unit: "degC", min: minC, max: maxC },
    { name: "line_speed", unit: "m/min", min: 5, max: 100, scale: "log" },
    { name: "web_preheating", unit: "1", min: 0, max: 1 },
  ];
}
