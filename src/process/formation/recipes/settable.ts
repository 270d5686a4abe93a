/**
 * Amounts that every cycler can be set to and every format writes without loss: 1 mV, 1 s, four digits of a current.
 * They are rounded to the safe side, so that no rounding crosses a limit.
 */

/** Removes the noise of binary fractions before a value is cut. */
const clean = (value: number): number => Number(value.toPrecision(12));

/** Towards zero, four significant digits: a smaller current is the safe one. */
export function settableMilliamps(milliamps: number): number {
  const size = Math.abs(milliamps);
  if (size === 0) return 0;
  const [mantissa, exponent] = size.toExponential(11).split("e");
  const digits = Math.floor(clean(Number(mantissa) * 1000));
  return (milliamps < 0 ? -1 : 1) * Number(`${digits}e${Number(exponent) - 3}`);
}

/** Downwards to 1 mV, for the end of a charge. */
export const voltsBelow = (volts: number): number => Math.floor(clean(volts * 1000)) / 1000;
/** Upwards to 1 mV, for the end of a discharge. */
export const voltsAbove = (volts: number): number => Math.ceil(clean(volts * 1000)) / 1000;
/** To the next 1 mV, for windows. */
export const voltsNear = (volts: number): number => Math.round(clean(volts * 1000)) / 1000;
/** Whole seconds. */
export const wholeSeconds = (hours: number): number => Math.round(clean(hours * 3600));
/** Whole seconds, a guard never shorter than meant. */
export const guardSeconds = (hours: number): number => Math.ceil(clean(hours * 3600));
