import { readFileSync } from "node:fs";

interface GoldenCalender {
  readonly inp: {
    readonly mat: string;
    readonly q: number;
    readonly T: number;
    readonly v: number;
    readonly passes: 1 | 2;
  };
  readonly out: Readonly<Record<string, number>> & { readonly flags: readonly string[] };
}

export type GoldenStep = readonly ["rest", number] | readonly ["cc" | "cv", number, number];

interface GoldenFormation {
  readonly name: string;
  readonly T: number;
  readonly steps: readonly GoldenStep[];
  readonly out: {
    readonly time_h: number;
    readonly Qc1: number;
    readonly Qd1: number;
    readonly FCE: number;
    readonly Qd_last: number;
    readonly Qsei: number;
    readonly fA: number;
    readonly Qplate: number;
    readonly LLI: number;
    readonly phi_min: number;
    readonly sei_nm: number;
    readonly plating: boolean;
    readonly energy_in: number;
    readonly eloss: number;
    readonly rbar: number;
    readonly R5_rel: number;
  };
}

interface Golden {
  readonly calender: readonly GoldenCalender[];
  readonly formation: readonly GoldenFormation[];
  readonly stack: readonly {
    C: number;
    qc: number;
    qa: number;
    areal: number;
    Q: number;
    E_v: number;
    R_scale: number;
  }[];
  readonly rate: readonly { C: number; areal: number; eps: number; Q: number }[];
  readonly swelling: readonly { hetero: number; crack: number; out: readonly [number, number] }[];
  readonly cost: {
    readonly cal: readonly { v: number; T: number; passes: number; q: number; usd: number; kwh: number }[];
    readonly form: readonly { t: number; age: number; usd: number }[];
  };
  readonly life: readonly {
    c1: number;
    c2: number;
    T: number;
    plating: number;
    crack: number;
    hetero: number;
    N: number;
  }[];
}

/** Values of the reference prototype of the process simulators; the file says where they come from. */
export const golden = JSON.parse(
  readFileSync(new URL("../golden/process.refsim.json", import.meta.url), "utf8"),
) as Golden;
