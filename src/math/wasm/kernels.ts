import { CellwrightError } from "../../errors.js";
import { WASM_BASE64 } from "./module.generated.js";

/** A byte address in the memory of the kernels. */
export type Address = number;

/** What assembly/kernels.ts exports. T counts tiles a side, addresses are multiples of 16 (assembly/tiles.ts). */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBufferLike; grow(pages: number): number };
  factorLower(A: Address, T: number, reciprocals: Address): number;
  solveRows(X: Address, count: number, L: Address, T: number, reciprocals: Address): void;
  invertTransposed(Y: Address, L: Address, T: number, reciprocals: Address): void;
  multiplyUpper(C: Address, Y: Address, T: number): void;
  addGram(C: Address, W: Address, count: number, T: number, sign: number): void;
  addRowProducts(C: Address, A: Address, rows: number, B: Address, columns: number, T: number): void;
  solveLowerVector(L: Address, T: number, reciprocals: Address, x: Address): void;
  solveLowerTransposedVector(L: Address, T: number, reciprocals: Address, x: Address): void;
  multiplyVector(W: Address, count: number, T: number, v: Address, out: Address): void;
  squaredNorms(W: Address, count: number, T: number, out: Address): void;
  squaredNormsOfUpper(Y: Address, T: number, out: Address): void;
  dotProduct(x: Address, y: Address, T: number): number;
  copyDiagonal(A: Address, T: number, out: Address): void;
  exponentialsOfNegative(x: Address, bytes: number): void;
  fillCovariance(
    n: number,
    T: number,
    columns: Address,
    stride: number,
    continuous: number,
    categorical: number,
    factors: Address,
    kind: number,
    signalVariance: number,
    noise: Address,
    A: Address,
    slopes: Address,
    correlations: Address,
  ): void;
  fillCrossCovariance(
    n: number,
    T: number,
    columns: Address,
    stride: number,
    continuous: number,
    categorical: number,
    factors: Address,
    kind: number,
    signalVariance: number,
    points: Address,
    pointStride: number,
    count: number,
    W: Address,
    slopes: Address,
  ): void;
  fillRow(
    n: number,
    T: number,
    columns: Address,
    stride: number,
    continuous: number,
    categorical: number,
    factors: Address,
    kind: number,
    signalVariance: number,
    point: Address,
    values: Address,
    slopes: Address,
  ): void;
  differentiateRow(
    T: number,
    column: Address,
    x: number,
    factor: number,
    slopes: Address,
    out: Address,
  ): void;
  sumLengthscaleGradient(
    T: number,
    columns: Address,
    stride: number,
    continuous: number,
    categorical: number,
    signalVariance: number,
    inverse: Address,
    slopes: Address,
    correlations: Address,
    alpha: Address,
    weights: Address,
    gradient: Address,
  ): void;
}

/** The part of the engines' global that is used here: the ECMAScript library of TypeScript does not declare it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
  readonly instantiate: (bytes: Uint8Array) => Promise<{ readonly instance: { readonly exports: unknown } }>;
};

/** `strict`: the same bits on every machine. `relaxed`: fused operations as the machine has them. */
export type KernelBuild = "strict" | "relaxed";

let loaded: Kernels | undefined;
let build: KernelBuild = "strict";

/** Which build of the kernels works in this thread. */
export function kernelBuild(): KernelBuild {
  return build;
}

/**
 * Changes to kernels with fused operations for the rest of this thread: products of matrices may be faster where the engine
 * fuses them (`npm run bench -- linear-algebra` tells), and the last bits of every fit depend on the machine. Answers and
 * models say so.
 *
 * @throws CellwrightError INVALID_OPTION where the engine has no relaxed vector operations.
 */
export async function useRelaxedKernels(): Promise<void> {
  if (build === "relaxed") return;
  const { WASM_BASE64: relaxed } = await import("./relaxed-module.generated.js");
  try {
    const { instance } = await WebAssembly.instantiate(decoded(relaxed));
    loaded = instance.exports as Kernels;
    build = "relaxed";
  } catch (cause) {
    throw new CellwrightError(
      "INVALID_OPTION",
      "Relaxed kernels: found an engine without relaxed WebAssembly vectors, expected Node 22 or newer, or Chrome 114 or newer. The strict kernels work everywhere.",
      { cause },
    );
  }
}

/**
 * Compiles the kernels without blocking, where they are not compiled yet: browsers limit what a page's main thread may
 * compile synchronously. Asynchronous entry points begin with it.
 *
 * An engine that cannot compile them is told of by `wasmKernels`, if they are needed at all.
 */
export async function prepareKernels(): Promise<void> {
  if (loaded !== undefined) return;
  const result = await WebAssembly.instantiate(decoded(WASM_BASE64)).catch(() => undefined);
  if (result !== undefined) loaded ??= result.instance.exports as Kernels;
}

/**
 * The kernels, compiled at the first call unless `prepareKernels` has (about a millisecond), and once in every thread.
 *
 * Compiling here is synchronous. Node, workers, Firefox and Safari allow that anywhere; Chrome allows it on a page's main
 * thread from version 114 on, before that only in workers. A page with a content security policy needs
 * 'wasm-unsafe-eval' in script-src.
 *
 * @throws CellwrightError INTERNAL where the engine has no WebAssembly with 128-bit vectors. There is no other way to
 *   compute the same bytes, so nothing falls back to plain code.
 */
export function wasmKernels(): Kernels {
  loaded ??= instantiate();
  return loaded;
}

function decoded(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function instantiate(): Kernels {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(decoded(WASM_BASE64))).exports as Kernels;
  } catch (cause) {
    throw new CellwrightError(
      "INTERNAL",
      "The numeric kernels need WebAssembly with 128-bit vectors: use Node 22.18 or newer, or a browser of 2023 or newer, and allow 'wasm-unsafe-eval' in the page's security policy.",
      { cause },
    );
  }
}
