import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { type BrowserContext, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, createCampaign, tell } from "../../src/engine.js";
import { findChromium } from "./find-chromium.js";

const executablePath = findChromium();
const missing = executablePath === null && process.env["CI"] !== "true";
if (missing)
  console.log(
    "Browser tests skipped: no chromium on this machine (apt-get install chromium, or set CHROMIUM).",
  );

const SPEC = {
  campaign: "same-bytes",
  parameters: {
    line_load: { unit: "N/mm", min: 200, max: 1600, scale: "log" },
    roll_temperature: { unit: "degC", min: 25, max: 120, step: 5 },
    web_preheating: { choices: ["off", "on"] },
  },
  outcomes: {
    porosity: { unit: "%", spec: { min: 28, max: 33 } },
    adhesion: { unit: "N/m", goal: "maximize", threshold: 10 },
    energy: { unit: "1", goal: "minimize", formula: "line_load / 1000 + roll_temperature / 100" },
  },
  constraints: ["line_load <= 1800 - 6 * roll_temperature"],
};
const UPDATES = Array.from({ length: 24 }, (_, i) => {
  const line_load = 220 + 55 * i;
  const roll_temperature = 25 + 5 * ((i * 7) % 15);
  return {
    id: `run-${i}`,
    parameters: { line_load, roll_temperature, web_preheating: i % 2 === 0 ? "off" : "on" },
    observations: {
      porosity: { value: 42 - line_load / 90 + (i % 3) * 0.4 },
      adhesion: { value: 8 + roll_temperature / 10 + (i % 4) * 0.7 },
    },
  };
});

const PAGE = `<!doctype html><title>engine</title>
<script type="module">import * as engine from "/engine.js"; globalThis.cellwright = engine;</script>`;

interface Engine {
  createCampaign: typeof createCampaign;
  tell: typeof tell;
  ask: typeof ask;
}

describe.skipIf(missing)("the engine in a browser", () => {
  let folder: string;
  let server: Server;
  let context: BrowserContext;

  beforeAll(async () => {
    if (executablePath === null)
      throw new Error("No chromium on this machine: install it, or set CHROMIUM to its path.");
    folder = await mkdtemp(join(tmpdir(), "cellwright-engine-"));
    await build({
      entryPoints: ["src/engine.ts"],
      outfile: join(folder, "engine.js"),
      bundle: true,
      format: "esm",
      platform: "browser",
      logLevel: "silent",
    });
    const script = await readFile(join(folder, "engine.js"));
    server = createServer((request, response) => {
      const isScript = request.url === "/engine.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? script : PAGE);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    context = await chromium.launchPersistentContext(join(folder, "profile"), {
      executablePath,
      headless: true,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });

  afterAll(async () => {
    await context?.close();
    server?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it("gives the same bytes as Node: suggestions, reasons and seal", async () => {
    const here = await ask(tell(createCampaign(SPEC), UPDATES), { count: 3, seed: 5 });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => "cellwright" in globalThis);
    const there = await page.evaluate(
      async ([spec, updates]) => {
        const engine = (globalThis as unknown as { cellwright: Engine }).cellwright;
        return JSON.stringify(
          await engine.ask(engine.tell(engine.createCampaign(spec), updates), { count: 3, seed: 5 }),
        );
      },
      [SPEC, UPDATES] as const,
    );
    expect(here.suggestions.every((s) => s.origin === "model")).toBe(true);
    expect(there).toBe(JSON.stringify(here));
  });
});
