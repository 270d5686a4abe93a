/** How far a request is: `done` of `total` parts of the work that `stage` names. */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}
