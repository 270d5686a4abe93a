import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ModelFiles, openModelFiles } from "../../src/adapters/model-files.js";
import { acquireRunLock } from "../../src/adapters/run-lock.js";
import { type Campaign, withTrials } from "../../src/campaign/campaign.js";
import { CellwrightError } from "../../src/errors.js";
import { retrain, type RetrainEffects, type RetrainEvent } from "../../src/retraining/retrain.js";
import { gaussianProcess, smallCampaign, smallTrials } from "../evaluation/small-campaign.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cellwright-retrain-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = { folds: 4, candidates: [gaussianProcess] } as const;
const before = smallCampaign({ groups: 10 });
const grown = withTrials(before, [...before.trials, ...smallTrials({ groups: 4, from: 10 })]);
/** The grown data with the outcomes of all runs shuffled: a bad export. */
const shuffled = withTrials(
  grown,
  grown.trials.map((trial, i) => ({
    ...trial,
    observations: grown.trials[(i + 9) % grown.trials.length]!.observations,
  })),
);

interface World {
  readonly files: ModelFiles;
  readonly events: RetrainEvent[];
  campaign: Campaign;
  readonly effects: RetrainEffects;
}

let counter = 0;
function createWorld(campaign: Campaign, changes: Partial<RetrainEffects> = {}): World {
  const files = openModelFiles(join(folder, `models-${++counter}`), campaign.name);
  const world: World = {
    files,
    events: [],
    campaign,
    effects: {
      now: () => new Date("2026-02-01T03:00:00Z"),
      lock: () => acquireRunLock(files.lockPath),
      loadCampaign: () => Promise.resolve(world.campaign),
      listModels: () => files.list(),
      loadChampion: () => files.champion(),
      saveModel: (draft, diagnostics) => files.save(draft, diagnostics),
      promote: (version, note) => files.promote(version, note),
      log: (event) => world.events.push(event),
      ...changes,
    },
  };
  return world;
}

const steps = (world: World): string[] => world.events.map(({ event }) => event);

describe("retrain", () => {
  it("promotes the first model, then finds nothing new, then promotes what learned from more", async () => {
    const world = createWorld(before);
    expect(await retrain(options, world.effects)).toMatchObject({ outcome: "promoted" });
    expect(steps(world)).toEqual(["started", "locked", "loaded", "trained", "compared", "saved", "promoted"]);
    const first = await world.files.champion();

    world.events.length = 0;
    expect(await retrain(options, world.effects)).toMatchObject({
      outcome: "nothing-new",
      champion: first!.version,
    });
    expect(steps(world)).toEqual(["started", "locked", "loaded", "nothing-new"]);

    world.campaign = grown;
    expect(await retrain(options, world.effects)).toMatchObject({ outcome: "promoted" });
    expect((await world.files.champion())!.version).not.toBe(first!.version);
    expect((await world.files.list()).map(({ status }) => status)).toEqual(["retired", "champion"]);
    expect(await world.files.card("champion")).toContain("What it must not be used for");
    expect(existsSync(world.files.lockPath)).toBe(false);
  });

  it("logs events that are one line of JSON each", async () => {
    const world = createWorld(before);
    await retrain(options, world.effects);
    for (const event of world.events) {
      expect(JSON.stringify(event)).not.toContain("\n");
      expect(JSON.parse(JSON.stringify(event))).toEqual(event);
      expect(event.time).toBe("2026-02-01T03:00:00.000Z");
    }
    expect(world.events.find(({ event }) => event === "loaded")).toMatchObject({
      trials: 20,
      champion: null,
    });
  });

  it("keeps the champion when the outcomes of the data were shuffled, and does not try the same again", async () => {
    const world = createWorld(before);
    await retrain(options, world.effects);
    const champion = await world.files.champion();
    world.campaign = shuffled;
    const refused = await retrain(options, world.effects);
    expect(refused).toMatchObject({
      outcome: "not-promoted",
      gate: { promote: false, against: champion!.version },
    });
    expect(refused.reason).toContain("porosity");
    expect(await world.files.champion()).toEqual(champion);
    expect((await world.files.list()).map(({ status }) => status)).toEqual(["champion", "candidate"]);
    expect(await retrain(options, world.effects)).toMatchObject({ outcome: "nothing-new" });
    world.campaign = grown;
    expect(await retrain(options, world.effects)).toMatchObject({ outcome: "promoted" });
  });

  it("does not bring back a model that was rolled back", async () => {
    const world = createWorld(before);
    await retrain(options, world.effects);
    world.campaign = grown;
    await retrain(options, world.effects);
    await world.files.rollback({ time: "2026-02-02T03:00:00.000Z", reason: "test" });
    expect(await retrain(options, world.effects)).toMatchObject({ outcome: "nothing-new" });
    expect((await world.files.list()).map(({ status }) => status)).toEqual(["champion", "retired"]);
  });

  it("changes nothing in a dry run", async () => {
    const world = createWorld(before);
    expect(await retrain({ ...options, dryRun: true }, world.effects)).toMatchObject({
      outcome: "promoted",
      version: null,
    });
    expect(existsSync(world.files.folder)).toBe(false);
    expect(steps(world)).toEqual(["started", "loaded", "trained", "compared", "promoted"]);
  });

  it("lets one of two at once work, and refuses the other", async () => {
    const world = createWorld(before);
    const results = await Promise.allSettled([
      retrain(options, world.effects),
      retrain(options, world.effects),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = results.find((result) => result.status === "rejected");
    expect((refused!.reason as CellwrightError).code).toBe("LOCK_HELD");
    expect(world.events.find(({ event }) => event === "failed")).toMatchObject({ code: "LOCK_HELD" });
    expect((await world.files.list()).length).toBe(1);
  });

  it("gives the lock back and says what went wrong when loading fails", async () => {
    const world = createWorld(before, {
      loadCampaign: () => Promise.reject(new CellwrightError("DATA_INVALID", "line 3 is broken")),
    });
    await expect(retrain(options, world.effects)).rejects.toThrow("line 3 is broken");
    expect(steps(world)).toEqual(["started", "locked", "failed"]);
    expect(existsSync(world.files.lockPath)).toBe(false);
  });

  it("finishes a run that died between saving and promoting", async () => {
    const world = createWorld(before, { promote: () => Promise.reject(new Error("killed")) });
    await expect(retrain(options, world.effects)).rejects.toThrow("killed");
    expect(await world.files.champion()).toBeNull();
    world.events.length = 0;
    const finished = await retrain(options, {
      ...world.effects,
      promote: (version, note) => world.files.promote(version, note),
    });
    expect(finished).toMatchObject({ outcome: "promoted" });
    expect(steps(world)).toEqual(["started", "locked", "loaded", "resumed", "promoted"]);
    expect((await world.files.list()).map(({ status }) => status)).toEqual(["champion"]);
  });
});

describe("a retraining process", () => {
  let script: string;
  beforeAll(async () => {
    script = join(folder, "retrain.mjs");
    const source = (path: string): string => JSON.stringify(join(import.meta.dirname, path));
    await build({
      stdin: {
        contents: `
          import { appendFileSync } from "node:fs";
          import { openModelFiles } from ${source("../../src/adapters/model-files.ts")};
          import { acquireRunLock } from ${source("../../src/adapters/run-lock.ts")};
          import { retrain } from ${source("../../src/retraining/retrain.ts")};
          import { gaussianProcess, smallCampaign } from ${source("../evaluation/small-campaign.ts")};
          const [models, groups, killAt] = process.argv.slice(2);
          const campaign = smallCampaign({ groups: Number(groups) });
          const files = openModelFiles(models, campaign.name);
          const effects = {
            now: () => new Date(),
            lock: () => acquireRunLock(files.lockPath),
            loadCampaign: async () => campaign,
            listModels: () => files.list(),
            loadChampion: () => files.champion(),
            saveModel: (draft, diagnostics) => files.save(draft, diagnostics),
            promote: (version, note) => files.promote(version, note),
            log: (event) => {
              process.stdout.write(JSON.stringify(event) + "\\n");
              if (event.event === killAt) process.kill(process.pid, "SIGKILL");
            },
          };
          if (/^\\d+$/.test(killAt)) setTimeout(() => process.kill(process.pid, "SIGKILL"), Number(killAt));
          try {
            const { outcome } = await retrain({ folds: 4, candidates: [gaussianProcess] }, effects);
            process.exit(outcome === "promoted" ? 0 : 3);
          } catch (error) {
            process.exit(error.code === "LOCK_HELD" ? 4 : 1);
          }`,
        resolveDir: folder,
        loader: "ts",
      },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: script,
      external: ["zod", "jsep"],
      plugins: [
        {
          name: "packages-of-the-repository",
          setup: (builder) => {
            builder.onResolve({ filter: /^(zod|jsep)$/ }, ({ path }) => ({
              path: import.meta.resolve(path),
              external: true,
            }));
          },
        },
      ],
    });
  });

  const run = (
    models: string,
    groups: number,
    killAt = "never",
  ): Promise<{ code: number | null; log: RetrainEvent[] }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [script, models, String(groups), killAt], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.once("close", (code) => {
        const lines = output.split("\n").filter((line) => line.endsWith("}"));
        resolve({ code, log: lines.map((line) => JSON.parse(line) as RetrainEvent) });
      });
    });

  it("can be killed after every step and at random times: the champion stays whole and the next run ends the work", async () => {
    const check = async (killAt: string): Promise<void> => {
      const world = createWorld(smallCampaign({ groups: 6 }));
      await retrain(options, world.effects);
      const { files } = world;
      const models = dirname(files.folder);
      const old = await files.champion();
      await run(models, 8, killAt);
      const after = (await files.champion())!;
      if (after.version !== old!.version) expect(after.trials.length).toBe(16);
      expect((await files.list()).every(({ problem }) => problem === null)).toBe(true);
      const next = await run(models, 8);
      expect([0, 3]).toContain(next.code); // 3: the killed one had promoted already, or the challenger was refused
      expect((await files.list()).filter(({ status }) => status === "champion").length).toBe(1);
      expect(existsSync(files.lockPath)).toBe(false);
    };
    const pending = ["locked", "loaded", "trained", "compared", "saved", "promoted", "40", "90"];
    const work = async (): Promise<void> => {
      for (let killAt = pending.shift(); killAt !== undefined; killAt = pending.shift()) await check(killAt);
    };
    await Promise.all([work(), work()]);
  });

  it("refuses to start beside a living one, with the lock's code", async () => {
    const models = join(folder, `models-${++counter}`);
    const files = openModelFiles(models, "small-calendering");
    const lock = acquireRunLock(files.lockPath);
    const { code, log } = await run(models, 6);
    expect(code).toBe(4);
    expect(log.map(({ event }) => event)).toEqual(["started", "failed"]);
    expect(readFileSync(files.lockPath, "utf8")).toContain(lock.owner.token);
    lock.release();
  });
});
