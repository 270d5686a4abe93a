import type { Origin, TrialStatus } from "../data/table.js";
import type { Settings } from "../space/parameter.js";

/** A measured outcome of a trial, in the campaign's unit, maybe with its standard error. */
export interface Observation {
  readonly value: number;
  readonly standardError?: number;
}

/** One row: parameters and what became of it. Settings may lie outside the bounds; they still teach. */
export interface Trial {
  readonly id: string;
  readonly status: TrialStatus;
  readonly parameters: Settings;
  readonly context: Settings;
  /** Only outcomes that were measured (or computed per row from measured columns). */
  readonly observations: Readonly<Record<string, Observation>>;
  /** Value of the campaign's `group` column. */
  readonly group?: string;
  /** Value of the campaign's `whole_plot` column. */
  readonly wholePlot?: string;
  /** Why a failed trial failed. */
  readonly reason?: string;
  readonly origin: Origin;
  readonly measuredAt?: string;
  readonly comment?: string;
}

/** What is told about a trial: everything but what is already known of it. */
export type TrialUpdate = Pick<Trial, "id"> & Partial<Omit<Trial, "id">>;
