// Builds dist/: bundled entries for fast starts, type declarations, and the JSON Schema of campaign files.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const at = (...parts) => join(root, ...parts);
// Built beside dist and put in its place at the end, so that a failed build leaves the last good one.
const staging = at(`.dist-${process.pid}`);

const external = ["better-sqlite3", "@resvg/resvg-js", "echarts", "read-excel-file"];

async function bundle() {
  const common = {
    bundle: true,
    format: "esm",
    target: "node22",
    sourcemap: false,
    legalComments: "none",
    logLevel: "warning",
    absWorkingDir: root,
  };
  await build({
    ...common,
    entryPoints: { cli: "src/cli/bin.ts", index: "src/index.ts" },
    outdir: staging,
    platform: "node",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    minifySyntax: true,
    minifyWhitespace: true,
    external: [...external, ...external.map((name) => `${name}/*`)],
    // Some bundled CommonJS packages ask for Node's own modules with require().
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  await build({ ...common, entryPoints: { engine: "src/engine.ts" }, outdir: staging, platform: "browser" });
}

async function schema() {
  const { campaignJsonSchema } = await import(pathToFileURL(join(staging, "index.js")));
  mkdirSync(join(staging, "schema"), { recursive: true });
  writeFileSync(
    join(staging, "schema", "campaign.schema.json"),
    `${JSON.stringify(campaignJsonSchema(), null, 2)}\n`,
  );
}

function types() {
  execFileSync(
    process.execPath,
    [
      at("node_modules/typescript/bin/tsc"),
      "-p",
      at("tsconfig.build.json"),
      "--outDir",
      join(staging, "types"),
    ],
    { stdio: "inherit", cwd: root },
  );
}

try {
  for (const leftover of readdirSync(root).filter((name) => name.startsWith(".dist-"))) {
    rmSync(at(leftover), { recursive: true, force: true });
  }
  mkdirSync(staging);
  await bundle();
  await schema();
  types();
  rmSync(at("dist"), { recursive: true, force: true });
  renameSync(staging, at("dist"));
} finally {
  rmSync(staging, { recursive: true, force: true });
}
