/**
 * Colours that people with any colour vision tell apart and that print on white; every colour also has its own shape.
 *
 * @see Okabe & Ito (2008), Color Universal Design, https://jfly.uni-koeln.de/color/
 */
export const COLORS = {
  text: "#1f2933",
  muted: "#52606d",
  gridLine: "#e4e7eb",
  axis: "#7b8794",
  /** What was measured. */
  measured: "#1f2933",
  /** What was measured in another state than the asked one. */
  elsewhere: "#8f9ba8",
  /** What the model believes. */
  model: "#0072B2",
  /** What is suggested. */
  suggested: "#D55E00",
  /** Small text beside suggested points: dark enough to read. */
  suggestedText: "#a84a00",
  /** Inside a specification. */
  specification: "#009E73",
  /** From where an objective counts. */
  threshold: "#8a5a83",
  paper: "#ffffff",
} as const;

/** Light to dark, readable in grey print. */
export const SEQUENTIAL: readonly string[] = [
  "#f3f8fc",
  "#c6dcee",
  "#8fbfdf",
  "#4f97c7",
  "#1f6ca6",
  "#0b4474",
];

export const FONT_FAMILY =
  "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";
export const FONT_SIZE = 13;
/** Mean width of a character of that font, px: labels are laid out without measuring them. */
const CHARACTER_WIDTH = 7.2;

/** Width of a printed text in px, estimated. */
export function textWidth(text: string): number {
  return text.length * CHARACTER_WIDTH;
}

/** Size of a figure, px. */
export interface FigureSize {
  readonly width: number;
  readonly height: number;
}

/** Width of every figure, px: drawn for a phone's page, so that its text stays readable there. */
export const FIGURE_WIDTH = 460;
