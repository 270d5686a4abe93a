import { createProductKernel, type ProductKernel } from "./product-kernel.js";
import type { RadialKernel } from "./kernel.js";

/** How continuous and categorical inputs act together. */
export type KernelStructure = "product" | "sum" | "sum-and-product";

/** One summand of a covariance: a variance times a product kernel over some of the inputs. */
export interface KernelTerm {
  /** `joint` is the only term of a product; the others are the curve that levels share, their shifts, and the rest. */
  readonly role: "joint" | "curve" | "levels" | "interaction";
  /** Inputs that it looks at. */
  readonly columns: readonly number[];
  readonly kernel: ProductKernel;
}

const ROLES: Readonly<Record<KernelStructure, readonly KernelTerm["role"][]>> = {
  product: ["joint"],
  sum: ["curve", "levels"],
  "sum-and-product": ["curve", "levels", "interaction"],
};

/**
 * The terms of a covariance: s²k_x k_h for `product`, s_x²k_x + s_h²k_h for `sum`, and s_x²k_x + s_h²k_h + s_p²k′_x k′_h
 * with lengthscales of its own for `sum-and-product`, where k_x is radial in the continuous inputs and k_h exchangeable
 * in the levels of the categorical ones (product-kernel.ts). Terms without an input are left out.
 *
 * @see Ru, Alvi, Nguyen, Osborne & Roberts (2020), ICML, section 4.2 (CoCaBO), whose mixture shares lengthscales; the
 *   separate ones are those of BoTorch's `MixedSingleTaskGP`
 */
export function createKernelTerms(
  radial: RadialKernel,
  kinds: readonly ("continuous" | "categorical")[],
  structure: KernelStructure,
): readonly KernelTerm[] {
  const all = kinds.map((_, k) => k);
  const columnsOf = (role: KernelTerm["role"]): readonly number[] => {
    if (role === "curve") return all.filter((k) => kinds[k] === "continuous");
    return role === "levels" ? all.filter((k) => kinds[k] === "categorical") : all;
  };
  return ROLES[structure].flatMap((role) => {
    const columns = columnsOf(role);
    if (columns.length === 0) return [];
    const kernel = createProductKernel(
      radial,
      columns.map((k) => kinds[k]!),
    );
    return [{ role, columns, kernel }];
  });
}
