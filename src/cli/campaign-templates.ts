/** A campaign file and an empty data file to start from. */
export interface CampaignTemplate {
  readonly campaignFile: string;
  readonly campaign: string;
  readonly dataFile: string;
  readonly data: string;
}

const CALENDERING = `# yaml-language-server: $schema=.cellwright/campaign.schema.json
# A campaign: which settings may be chosen, what is measured, and what is wanted.
# Every number here is an example. Replace it with your machine's and your product's.

campaign: calendering-cathode       # its name; letters, digits, - and _
process: calendering                # switches on what Cellwright knows about calenders
material: { preset: NMC622 }        # or NMC811, LFP, LCO, graphite; any value can be overridden, e.g. solid_density: 4.45
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

const FORMATION = `# yaml-language-server: $schema=.cellwright/campaign.schema.json
# A campaign: which settings may be chosen, what is measured, and what is wanted.
# Every number here is an example. Replace it with your cell's data sheet and your cyclers'.

campaign: formation-cell            # its name; letters, digits, - and _
process: formation                  # switches on voltage, C-rate and plating limits
chemistry: NMC622/graphite          # or NMC811/graphite, LFP/graphite, LCO/graphite
cell: { upper_voltage: 4.2, lower_voltage: 2.8, capacity: 5 }   # the cell's own rating in V, V, Ah: mandatory
data: cells.csv                     # past cells, beside this file: one row a cell (may be empty)
group: protocol                     # cells of one protocol belong together: quality checks never split them

parameters:                         # what you choose; suggestions stay inside these bounds and steps
  c_rate_cc1:   { unit: C, min: 0.02, max: 1, scale: log }      # first charge step
  v_cutoff_cc1: { unit: V, min: 3.5, max: 4.0, step: 0.01 }     # voltage at which the second step begins
  c_rate_cc2:   { unit: C, min: 0.02, max: 0.6, scale: log }    # second charge step
  temperature:  { unit: degC, min: 25, max: 45, step: 5, change: { effort: hard, minutes: 120 } }

outcomes:                           # what you measure
  first_cycle_efficiency: { unit: "%", goal: maximize, spec: { min: 80 } }
  cycle_life:             { unit: "1", goal: maximize, scale: log, threshold: 500 }
  cycler_time:            { unit: h, goal: minimize, formula: formation.time, error: 4 % }   # computed, never measured

batch: 4                            # how many protocols to suggest at a time
`;

/** The templates of `cellwright init`, by process. */
export const CAMPAIGN_TEMPLATES: Readonly<Record<"calendering" | "formation", CampaignTemplate>> = {
  calendering: {
    campaignFile: "calendering.campaign.yaml",
    campaign: CALENDERING,
    dataFile: "runs.csv",
    data: "trial,coil,line_load [N/mm],roll_temperature [degC],line_speed [m/min],initial_porosity [%],porosity [%],adhesion [N/m],status,reason,comment\n",
  },
  formation: {
    campaignFile: "formation.campaign.yaml",
    campaign: FORMATION,
    dataFile: "cells.csv",
    data: "trial,protocol,c_rate_cc1 [C],v_cutoff_cc1 [V],c_rate_cc2 [C],temperature [degC],first_cycle_efficiency [%],cycle_life [1],status,reason,comment\n",
  },
};
