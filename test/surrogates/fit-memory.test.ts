import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { createMatrix } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { createResident, memoryBytes, placeResidents } from "../../src/math/wasm/working-memory.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";

/** Sizes around the tiles of the kernels, the largest first in every round. */
const SIZES = [33, 20, 17, 32, 24];

function fitAndPredict(n: number, seed: number): number {
  const rng = createRng(seed);
  const X = createMatrix(n, 2);
  for (let i = 0; i < X.data.length; i++) X.data[i] = rng.uniform();
  const y = Float64Array.from({ length: n }, (_, i) => X.data[2 * i]! + 0.1 * rng.normal());
  const inputs = ["a", "b"].map((name) => ({ name, kind: "continuous" as const }));
  const model = fitGaussianProcess({ inputs, X, y }, { scale: "identity", starts: 0 });
  return model.predict(X).mean[0]! + model.leaveOneOut().mean[0]!;
}

/** Bytes of arrays that are still in use. */
function bytesHeld(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  // Twice: the engine frees the arrays of the first collection while it runs on.
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}

it("a thousand fits leave the kernels' memory and the heap as large as they were", () => {
  const round = (fits: number): void => {
    for (let k = 0; k < fits; k++) expect(fitAndPredict(SIZES[k % SIZES.length]!, k)).not.toBeNaN();
  };
  // Fitted models keep their numbers in the kernels' memory while there is room: let it be full before counting.
  for (let k = 0; k < 12; k++) placeResidents([createResident(new Float64Array(100_000))]);
  round(50);
  const pages = memoryBytes();
  const held = bytesHeld();
  round(1000);
  expect(memoryBytes()).toBe(pages);
  // A thousand models that were kept would hold 10 kB each and more.
  expect(bytesHeld() - held).toBeLessThan(2 * 1024 * 1024);
}, 120_000);
