import { describe, expect, it } from "vitest";
import { regretCurves } from "../../src/plots/regret-curves.js";

describe("regret curves", () => {
  const option = regretCurves({
    measure: "regret",
    campaigns: 40,
    ours: [
      [9, 10, 11],
      [4, 5, 6],
      [1, 2, 3],
      [0, 1e-9, 1],
    ],
    random: [10, 8, 7, 6],
    peers: [{ name: "a peer, 3 designs", points: [[1, 9] as const, [4, 0.5] as const] }],
    from: 2,
  });
  const series = option.series as { name: string; data: number[][] }[];
  const of = (name: string): number[][] => series.find((one) => one.name.startsWith(name))!.data;

  it("begin where the initial design ends, on a log axis", () => {
    expect(option.yAxis).toMatchObject({ type: "log", name: "regret" });
    expect(of("Cellwright").map(([run]) => run)).toEqual([2, 3, 4]);
    expect(of("a peer")).toEqual([[4, 0.5]]);
    expect(of("random").map(([, gap]) => gap)).toEqual([8, 7, 6]);
  });

  it("shade the middle half and keep gaps of nothing on the axis", () => {
    expect(of("middle half")[0]).toEqual([2, 4, 6]);
    expect(of("middle half").at(-1)).toEqual([4, 1e-6, 1]);
    expect(of("Cellwright").at(-1)).toEqual([4, 1e-6]);
  });
});
