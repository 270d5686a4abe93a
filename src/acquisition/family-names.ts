/** Ways of valuing the next run that can be asked for by name. */
export const ACQUISITION_FAMILIES = [
  "log-ei",
  "log-nei",
  "log-nehvi",
  "parego",
  "ucb",
  "thompson",
  "knowledge-gradient",
  "variance",
  "straddle",
] as const;

export type AcquisitionFamily = (typeof ACQUISITION_FAMILIES)[number];
