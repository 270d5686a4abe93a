import type { Calibration } from "../evaluation/calibration.js";
import type { OutcomeEvaluation } from "../evaluation/cross-validation.js";

/** What a model's quality rests on, row by row: kept beside the model, never needed to predict. */
export interface Diagnostics {
  readonly schema: "cellwright.diagnostics/1";
  readonly outcomes: readonly OutcomeDiagnostics[];
}

interface OutcomeDiagnostics {
  readonly outcome: string;
  /** Of the candidate that was chosen, with every held-out prediction. */
  readonly evaluation: OutcomeEvaluation;
  readonly calibration: Calibration;
}
