import { log, log1p } from "./logarithm.js";

/** 1 − γ, with γ Euler's constant. */
const ONE_MINUS_EULER = 0.42278433509846713;

/** (−1)^k (ζ(k) − 1)/k for k = 2 … 27: the series of log Γ(2 + t) (Abramowitz & Stegun 1964, 6.1.33). */
const SERIES = [
  0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986, 0.0028905103307415234,
  -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-5,
  -4.492623673813314e-5, 2.050721277567069e-5, -9.439488275268397e-6, 4.374866789907488e-6,
  -2.039215753801366e-6, 9.55141213040742e-7, -4.492469198764566e-7, 2.1207184805554665e-7,
  -1.0043224823968099e-7, 4.7698101693639804e-8, -2.2711094608943164e-8, 1.0838659214896955e-8,
  -5.183475041970047e-9, 2.4836745438024785e-9, -1.1921401405860912e-9, 5.731367241678862e-10,
  -2.7595228851242334e-10,
];

/** log Γ(2 + t) for |t| ≤ ½. */
function nearTwo(t: number): number {
  let sum = 0;
  for (let k = SERIES.length - 1; k >= 0; k--) sum = sum * t + SERIES[k]!;
  return t * (ONE_MINUS_EULER + t * sum);
}

/** Stirling's series for x ≥ 9 (Abramowitz & Stegun 1964, 6.1.41). */
function stirling(x: number): number {
  const z = 1 / (x * x);
  const series =
    1 / 12 -
    z *
      (1 / 360 -
        z *
          (1 / 1260 -
            z * (1 / 1680 - z * (1 / 1188 - z * (691 / 360360 - z * (1 / 156 - (z * 3617) / 122400))))));
  return (x - 0.5) * log(x) - x + (0.9189385332046728 + series / x);
}

/** log Γ(x) for x > 0, a few ulp; +∞ at 0 and NaN below. */
export function lgamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Infinity : NaN;
  if (x === Infinity) return x;
  if (x >= 9) return stirling(x);
  if (x < 0.5) return nearTwo(x) - log1p(x) - log(x); // Γ(x) = Γ(1 + x)/x
  if (x < 1.5) return nearTwo(x - 1) - log1p(x - 1);
  let product = 1;
  let argument = x;
  while (argument > 2.5) {
    argument -= 1;
    product *= argument;
  }
  return nearTwo(argument - 2) + log(product);
}
