const WITH_UNIT = /^\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)\s*(\S.*?)?\s*$/;

/** A number of at least 0 with an optional unit, such as `2 %`, `30 min` or `0.002 USD/cell`; null for anything else. */
export function numberWithUnit(text: string): { readonly value: number; readonly unit?: string } | null {
  const parts = WITH_UNIT.exec(text);
  if (parts === null) return null;
  const unit = parts[2];
  return { value: Number(parts[1]), ...(unit === undefined ? {} : { unit }) };
}
