import { matern12, matern32, matern52 } from "./matern.js";
import { rbf } from "./rbf.js";
import type { RadialKernel, RadialKernelName } from "./kernel.js";

/** Every radial kernel by name; a new name fails compilation until it is listed here. */
export const radialKernels: Readonly<Record<RadialKernelName, RadialKernel>> = {
  "matern-1/2": matern12,
  "matern-3/2": matern32,
  "matern-5/2": matern52,
  rbf,
};
