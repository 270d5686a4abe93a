import { nearestName } from "../data/nearest-name.js";
import { CellwrightError } from "../errors.js";
import { ELECTRODE_MATERIALS } from "../process/calendering/materials.js";
import { CELL_CHEMISTRIES, type CellChemistry, findChemistry } from "../process/formation/chemistries.js";

/** A campaign file and an empty data file to start from. */
export interface CampaignTemplate {
  readonly campaignFile: string;
  readonly campaign: string;
  readonly dataFile: string;
  readonly data: string;
}

const calenderingCampaign = (
  material: string,
): string => `# yaml-language-server: $schema=.cellwright/campaign.schema.json
# A campaign: which settings may be chosen, what is measured, and what is wanted.
# Every number here is an example. Replace it with your machine's and your product's.

campaign: calendering-cathode       # its name; letters, digits, - and _
process: calendering                # switches on what Cellwright knows about calenders
material: { preset: ${material} }        # or ${MATERIALS.filter((other) => other !== material).join(", ")}; any value can be overridden, e.g. solid_density: 4.45
data: runs.csv                      # past runs, beside this file: one row a run (may be empty)
group: coil                         # runs of one coil belong together: quality checks never split them

parameters:                         # what you choose; suggestions stay inside these bounds and steps
  line_load:        { unit: N/mm, min: 200, max: 1600, scale: log }
  roll_temperature: { unit: degC, min: 25, max: 120, step: 5, change: { effort: hard, minutes: 45, scrap: 30 } }
  line_speed:       { unit: m/min, values: [5, 10, 20, 40, 60, 80] }    # only these

context:                            # what you measure but do not choose; value: the state you ask suggestions for
  initial_porosity: { unit: "%", min: 35, max: 60, value: 44 }

outcomes:                           # what you measure after the run
  porosity:         { unit: "%", spec: { min: 28, max: 32 }, sem: 0.4 }  # spec: limits to hold; sem: error of the gauge
  adhesion:         { unit: N/m, goal: maximize, threshold: 15 }         # threshold: from where on it counts
  calendering_cost: { unit: USD/m2, goal: minimize, formula: calendering.cost }   # computed, never measured

constraints:                        # relations that every suggestion satisfies; bare numbers are in the units above
  - line_load <= 1800 - 6 * roll_temperature

batch: 4                            # how many runs to suggest at a time
`;

const MATERIALS = ELECTRODE_MATERIALS.map(({ name }) => name);
const CHEMISTRY = "NMC622/graphite";
const MATERIAL = "NMC622";

/** Settings are the example's where the chemistry allows them; the bounds are the chemistry's, the cell its usual one. */
function formationCampaign({ name, nominalVoltageV, firstCutoffV, ...limits }: CellChemistry): string {
  const [lowest, highest] = firstCutoffV;
  const [lower, upper] = nominalVoltageV;
  const hottest = Math.min(45, limits.maxTemperatureC);
  const others = CELL_CHEMISTRIES.filter((other) => other.name !== name).map((other) => other.name);
  return `# yaml-language-server: $schema=.cellwright/campaign.schema.json
# A campaign: which settings may be chosen, what is measured, and what is wanted.
# Every number here is an example. Replace it with your cell's data sheet and your cyclers'.

campaign: formation-cell            # its name; letters, digits, - and _
process: formation                  # switches on voltage, C-rate and plating limits
chemistry: ${name}${" ".repeat(Math.max(1, 25 - name.length))}# or ${others.join(", ")}
cell: { upper_voltage: ${upper}, lower_voltage: ${lower}, capacity: 5 }   # the cell's own rating in V, V, Ah: mandatory
data: cells.csv                     # past cells, beside this file: one row a cell (may be empty)
group: protocol                     # cells of one protocol belong together: quality checks never split them

parameters:                         # what you choose; suggestions stay inside these bounds and steps
  c_rate_cc1:   { unit: C, min: 0.02, max: ${Math.min(1, limits.maxFirstRateC)}, scale: log }      # first charge step
  v_cutoff_cc1: { unit: V, min: ${lowest}, max: ${highest}, step: 0.01 }     # voltage at which the second step begins
  c_rate_cc2:   { unit: C, min: 0.02, max: ${Math.min(0.6, limits.maxSecondRateC)}, scale: log }    # second charge step
  temperature:  { unit: degC, min: 25, max: ${hottest}, step: 5, change: { effort: hard, minutes: 120 } }

outcomes:                           # what you measure: life, and what life alone hides
  cycle_life:              { unit: "1", goal: maximize, scale: log, threshold: 500 }
  first_cycle_efficiency:  { unit: "%", spec: { min: 80 } }        # lithium that is left after the first cycle
  last_discharge_capacity: { unit: Ah, spec: { min: 4.9 } }        # the capacity that is sold; cellwright features reads it
  cycler_time:             { unit: h, goal: minimize, formula: formation.time, error: 4 % }   # computed, never measured
  formation_cost:          { unit: USD/cell, formula: formation.cost }     # computed; cellwright cost shows its parts

batch: 4                            # how many protocols to suggest at a time

notes:
  - A longer life can be bought with lithium. Read first-cycle efficiency and the capacity sold beside it.
`;
}

/** The materials and chemistries that a template can be made for. */
export interface TemplateChoice {
  /** Default NMC622. */
  readonly material?: string;
  /** Default NMC622/graphite. */
  readonly chemistry?: string;
}

/**
 * The campaign to start from.
 *
 * @throws CellwrightError USAGE for a material or chemistry that is not known here, or belongs to the other process
 */
export function campaignTemplate(
  process: "calendering" | "formation",
  { material, chemistry }: TemplateChoice,
): CampaignTemplate {
  if (process === "calendering") {
    if (chemistry !== undefined) throw misplaced("--chemistry", "formation", "--material");
    return {
      ...CALENDERING_FILES,
      campaign: calenderingCampaign(knownName(MATERIALS, material ?? MATERIAL, "--material")),
    };
  }
  if (material !== undefined) throw misplaced("--material", "calendering", "--chemistry");
  const names = CELL_CHEMISTRIES.map(({ name }) => name);
  const name = knownName(names, chemistry ?? CHEMISTRY, "--chemistry");
  return { ...FORMATION_FILES, campaign: formationCampaign(findChemistry(name)!) };
}

/** The name as it is spelt here, whatever its case. */
function knownName(names: readonly string[], wanted: string, option: string): string {
  const found = names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  const near = nearestName(wanted, names);
  const remedy = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new CellwrightError(
    "USAGE",
    `${option}: found "${wanted}", expected one of ${names.join(", ")}.${remedy}`,
  );
}

function misplaced(option: string, process: string, instead: string): CellwrightError {
  return new CellwrightError("USAGE", `${option} is for ${process}; expected ${instead} here.`);
}

const CALENDERING_FILES = {
  campaignFile: "calendering.campaign.yaml",
  dataFile: "runs.csv",
  data: "trial,coil,line_load [N/mm],roll_temperature [degC],line_speed [m/min],initial_porosity [%],porosity [%],adhesion [N/m],status,reason,comment\n",
};

const FORMATION_FILES = {
  campaignFile: "formation.campaign.yaml",
  dataFile: "cells.csv",
  data: "trial,protocol,c_rate_cc1 [C],v_cutoff_cc1 [V],c_rate_cc2 [C],temperature [degC],first_cycle_efficiency [%],last_discharge_capacity [Ah],cycle_life [1],status,reason,comment\n",
};
