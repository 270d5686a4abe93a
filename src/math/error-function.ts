import { exp, expOfSum } from "./exponential.js";
import { productError, sumError } from "./ieee754.js";

/*
 * Rational minimax approximations on four ranges of |x|; coefficients from FDLIBM 5.3, s_erf.c.
 * The exponential factors are carried as pairs of doubles, so that erfc keeps its digits in the tail.
 */

/** erf(1) rounded to single precision. */
const ERF_ONE = 0.8450629115104675;

/** (erf(x) − x)/x for |x| < 0.84375, of z = x²; error below 2^−57.9. */
function smallRatio(z: number): number {
  const numerator =
    0.12837916709551256 +
    z *
      (-0.3250421072470015 +
        z * (-0.02848174957559851 + z * (-0.005770270296489442 + z * -2.3763016656650163e-5)));
  const denominator =
    1 +
    z *
      (0.39791722395915535 +
        z *
          (0.0650222499887673 +
            z * (0.005081306281875766 + z * (0.00013249473800432164 + z * -3.960228278775368e-6))));
  return numerator / denominator;
}

/** erf(1 + s) − ERF_ONE for 0.84375 ≤ 1 + s < 1.25; error below 2^−59. */
function middleDifference(s: number): number {
  const numerator =
    -0.0023621185607526594 +
    s *
      (0.41485611868374833 +
        s *
          (-0.3722078760357013 +
            s *
              (0.31834661990116175 +
                s * (-0.11089469428239668 + s * (0.035478304325618236 + s * -0.002166375594868791)))));
  const denominator =
    1 +
    s *
      (0.10642088040084423 +
        s *
          (0.540397917702171 +
            s *
              (0.07182865441419627 +
                s * (0.12617121980876164 + s * (0.01363708391202905 + s * 0.011984499846799107)))));
  return numerator / denominator;
}

/** log(x·erfcx(x)) + 0.5625 for 1.25 ≤ x < 1/0.35, of z = 1/x²; error below 2^−62. */
function upperLog(z: number): number {
  const numerator =
    -0.009864944034847148 +
    z *
      (-0.6938585727071818 +
        z *
          (-10.558626225323291 +
            z *
              (-62.375332450326006 +
                z *
                  (-162.39666946257347 +
                    z * (-184.60509290671104 + z * (-81.2874355063066 + z * -9.814329344169145))))));
  const denominator =
    1 +
    z *
      (19.651271667439257 +
        z *
          (137.65775414351904 +
            z *
              (434.56587747522923 +
                z *
                  (645.3872717332679 +
                    z *
                      (429.00814002756783 +
                        z * (108.63500554177944 + z * (6.570249770319282 + z * -0.0604244152148581)))))));
  return numerator / denominator;
}

/** log(x·erfcx(x)) + 0.5625 for x ≥ 1/0.35, of z = 1/x²; error below 2^−61. */
function tailLog(z: number): number {
  const numerator =
    -0.0098649429247001 +
    z *
      (-0.799283237680523 +
        z *
          (-17.757954917754752 +
            z *
              (-160.63638485582192 +
                z * (-637.5664433683896 + z * (-1025.0951316110772 + z * -483.5191916086514)))));
  const denominator =
    1 +
    z *
      (30.33806074348246 +
        z *
          (325.7925129965739 +
            z *
              (1536.729586084437 +
                z *
                  (3199.8582195085955 +
                    z * (2553.0504064331644 + z * (474.52854120695537 + z * -22.44095244658582))))));
  return numerator / denominator;
}

/** log(x·erfcx(x)) + 0.5625 for x ≥ 1.25. */
function scaledLog(x: number): number {
  return x < 1 / 0.35 ? upperLog(1 / (x * x)) : tailLog(1 / (x * x));
}

/** erfc(x) for x ≥ 1.25: exp(−x² − 0.5625 + R)/x with the exponent as a pair. */
function upperErfc(x: number): number {
  if (x > 27.3) return 0;
  const square = x * x;
  const whole = -square - 0.5625;
  const rest = sumError(-square, -0.5625, whole) - productError(x, x, square) + scaledLog(x);
  const high = whole + rest;
  return expOfSum(high, rest - (high - whole)) / x;
}

/** Error function, below 1 ulp. */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x < 0.84375) return x + x * smallRatio(x * x);
  if (x < 1.25) return ERF_ONE + middleDifference(x - 1);
  return x < 6 ? 1 - upperErfc(x) : x !== x ? x : 1;
}

/** Complementary error function 1 − erf(x), below 2 ulp down to its underflow at x = 26.5. */
export function erfc(x: number): number {
  if (x < 0.25) return x > -0.84375 ? 1 - (x + x * smallRatio(x * x)) : 1 + erf(-x);
  if (x < 0.84375) return 0.5 - (x - 0.5 + x * smallRatio(x * x));
  if (x < 1.25) return 1 - ERF_ONE - middleDifference(x - 1);
  return x !== x ? x : upperErfc(x);
}

/** Scaled complementary error function e^(x²)·erfc(x), below 3 ulp; overflows below x = −26.6. */
export function erfcx(x: number): number {
  if (x >= 1.25) return exp(scaledLog(x) - 0.5625) / x;
  if (x < -27) return Infinity;
  const square = x * x;
  const expSquare = expOfSum(square, productError(x, x, square));
  return x > -1.25 ? expSquare * erfc(x) : 2 * expSquare - erfcx(-x);
}
