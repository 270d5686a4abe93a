/** A number in a sentence: three significant digits, never in exponents where a reader expects none. */
export function formatNumber(value: number, digits = 3): string {
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  if (magnitude >= 1e6 || magnitude < 1e-4) return value.toExponential(digits - 1);
  if (magnitude >= Number(`1e${digits}`)) return String(Math.round(value));
  return String(Number(value.toPrecision(digits)));
}
