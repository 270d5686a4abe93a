/** Printed in every file. */
export const PROPOSAL = "A proposal for a person to check, never to be run unread.";

/** Who proposed the recipe, from what. */
export interface RecipeProvenance {
  readonly software: string;
  readonly campaign: string;
  /** SHA-256 of the campaign's content. */
  readonly campaignHash: string;
  /** The trial it belongs to, where there is one. */
  readonly trial?: string;
  /** `YYYY-MM-DDThh:mm:ssZ`. */
  readonly createdAt: string;
  /** The settings that were chosen, in the campaign's names and units. */
  readonly settings: Readonly<Record<string, { readonly value: number | string; readonly unit: string }>>;
}
