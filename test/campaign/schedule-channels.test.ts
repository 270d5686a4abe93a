import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChannelProblem } from "../../src/campaign/channel-problem.js";
import { lowerBound } from "../../src/campaign/schedule-bound.js";
import { type ScheduledJob, scheduleChannels } from "../../src/campaign/schedule-channels.js";

const hours = fc.integer({ min: 1, max: 400 }).map((h) => h / 4);
const oven = fc.constantFrom("25", "45", "55");

/** Random channels, ovens, running cells that fit them, and jobs. */
const problems = (most: number): fc.Arbitrary<ChannelProblem> =>
  fc
    .record({
      channels: fc.integer({ min: 1, max: 8 }),
      slots: fc.record({
        "25": fc.integer({ min: 1, max: 4 }),
        "45": fc.integer({ min: 1, max: 4 }),
        "55": fc.integer({ min: 1, max: 4 }),
      }),
      limited: fc.boolean(),
      running: fc.array(fc.tuple(hours, oven), { maxLength: 8 }),
      jobs: fc.array(fc.tuple(hours, oven), { maxLength: most }),
    })
    .map(({ channels, slots, limited, running, jobs }) => {
      const made = (prefix: string) => (of: readonly [number, "25" | "45" | "55"], i: number) => ({
        id: `${prefix}${i}`,
        hours: of[0],
        ...(limited ? { oven: of[1] } : {}),
      });
      const taken: Record<string, number> = {};
      const fitting = running.slice(0, channels).filter(([, name]) => {
        taken[name] = (taken[name] ?? 0) + 1;
        return !limited || taken[name] <= slots[name];
      });
      return {
        channels,
        ...(limited ? { ovens: slots } : {}),
        running: fitting.map(made("run")),
        jobs: jobs.map(made("job")),
      };
    });

const overlaps = (a: ScheduledJob, b: ScheduledJob): boolean => a.start < b.end && b.start < a.end;

function doubleBookings(jobs: readonly ScheduledJob[]): string[] {
  return jobs.flatMap((a, i) =>
    jobs.slice(i + 1).flatMap((b) => {
      if (!overlaps(a, b)) return [];
      const channel = a.channel === b.channel ? [`channel ${a.channel}: ${a.id}, ${b.id}`] : [];
      const same = a.oven !== undefined && a.oven.name === b.oven?.name && a.oven.slot === b.oven.slot;
      return same ? [...channel, `oven ${a.oven?.name}: ${a.id}, ${b.id}`] : channel;
    }),
  );
}

describe("the plan of channels and ovens", () => {
  it("never books a channel or a slot twice, holds every cell for its hours, and starts running ones at once", () => {
    fc.assert(
      fc.property(problems(12), (problem) => {
        const { jobs, makespan } = scheduleChannels(problem);
        expect(doubleBookings(jobs)).toEqual([]);
        expect(jobs.map(({ id }) => id).sort()).toEqual(
          [...problem.running, ...problem.jobs].map(({ id }) => id).sort(),
        );
        for (const job of [...problem.running, ...problem.jobs]) {
          const booked = jobs.find(({ id }) => id === job.id)!;
          expect(booked.end - booked.start).toBeCloseTo(job.hours, 9);
          expect(booked.oven?.name).toBe(job.oven);
          expect(booked.channel).toBeGreaterThanOrEqual(1);
          expect(booked.channel).toBeLessThanOrEqual(problem.channels);
          if (job.oven !== undefined)
            expect(booked.oven!.slot).toBeLessThanOrEqual(problem.ovens![job.oven]!);
          if (booked.running) expect(booked.start).toBe(0);
        }
        expect(makespan).toBe(Math.max(0, ...jobs.map(({ end }) => end)));
      }),
      { numRuns: 3000 },
    );
  });

  it("never ends before the lower bound, and says so where it is proven shortest", () => {
    fc.assert(
      fc.property(problems(14), (problem) => {
        const { makespan, proven, lowerBound: stated } = scheduleChannels(problem);
        const bound = lowerBound(problem);
        expect(makespan).toBeGreaterThanOrEqual(bound - 1e-9);
        expect(stated).toBeGreaterThanOrEqual(bound - 1e-9);
        if (proven) expect(makespan).toBeCloseTo(stated, 9);
      }),
      { numRuns: 500 },
    );
  });

  it("finds the shortest plan where every order can be tried", () => {
    // Longest first takes 11 h on two channels: 5+3+3 beside 4+… ; 5+4 beside 3+3+3 takes 9 h.
    const jobs = [5, 4, 3, 3, 3].map((h, i) => ({ id: `j${i}`, hours: h }));
    expect(scheduleChannels({ channels: 2, running: [], jobs })).toMatchObject({ makespan: 9, proven: true });
  });

  it("lies within a tenth of the lower bound for forty cells on eight channels", () => {
    const jobs = Array.from({ length: 40 }, (_, i) => ({
      id: `j${i}`,
      hours: 20 + ((i * 37) % 60),
      oven: i % 3 === 0 ? "45" : "25",
    }));
    const { makespan, lowerBound: bound } = scheduleChannels({
      ...{ channels: 8, ovens: { "25": 5, "45": 4 }, running: [], jobs },
    });
    expect(makespan / bound).toBeLessThan(1.1);
  });

  it("waits for a running cell where all channels are taken", () => {
    const { jobs } = scheduleChannels({
      ...{ channels: 1, running: [{ id: "old", hours: 7 }], jobs: [{ id: "new", hours: 3 }] },
    });
    expect(jobs.map(({ id, start, end }) => [id, start, end])).toEqual([
      ["old", 0, 7],
      ["new", 7, 10],
    ]);
  });
});
