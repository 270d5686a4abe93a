import { CellwrightError, type ErrorCode } from "../errors.js";

export interface ExpressionFault {
  /** 1 is the first character. */
  readonly column: number;
  readonly found: string;
  readonly expected: string;
  readonly remedy?: string;
}

const SHOWN = 120;

/** Shortens text that a user wrote, for a message. */
export function excerpt(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** The error for one place in an expression, with its column in the message, the problem and `details.column`. */
export function expressionError(
  source: string,
  fault: ExpressionFault,
  code: ErrorCode = "EXPRESSION_INVALID",
) {
  const { column, found, expected, remedy } = fault;
  const way = remedy === undefined ? "" : ` ${remedy}`;
  const message = `Expression "${excerpt(source)}", column ${column}: found ${found}, expected ${expected}.${way}`;
  return new CellwrightError(code, message, {
    problems: [
      {
        where: `column ${column} of "${excerpt(source)}"`,
        found,
        expected,
        ...(remedy !== undefined && { remedy }),
      },
    ],
    details: { source: excerpt(source), column },
  });
}
