/*
 * The functions that src/math/wasm/kernels.ts calls. AssemblyScript, compiled by scripts/build-wasm.mjs; nothing here
 * allocates, every pointer is a byte address that is a multiple of 16.
 */
export { factorLower, invertTransposed, solveRows } from "./cholesky";
export { fillCovariance, fillCrossCovariance } from "./covariance";
export { exponentialsOfNegative } from "./exponential";
export { sumLengthscaleGradient } from "./gradient";
export { addGram, addRowProducts, multiplyUpper } from "./products";
export { differentiateRow, fillRow } from "./row";
export {
  copyDiagonal,
  dotProduct,
  multiplyVector,
  solveLowerTransposedVector,
  solveLowerVector,
  squaredNorms,
  squaredNormsOfUpper,
} from "./vectors";
