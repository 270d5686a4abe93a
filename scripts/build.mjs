// Builds dist/: bundled entries for fast starts, type declarations, and the JSON Schema of campaign files. Compiles the
// numeric kernels first where their sources changed.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const at = (...parts) => join(root, ...parts);
// Built beside dist and put in its place at the end, so that a failed build leaves the last good one.
const staging = at(`.dist-${process.pid}`);

// Packages with native code stay outside; everything else is bundled, so that an installation stays small.
const external = ["better-sqlite3", "@resvg/resvg-js"];

async function bundle() {
  const common = {
    bundle: true,
    format: "esm",
    target: "node22",
    sourcemap: false,
    legalComments: "none",
    logLevel: "warning",
    absWorkingDir: root,
    metafile: true,
  };
  const node = await build({
    ...common,
    entryPoints: {
      cli: "src/cli/bin.ts",
      index: "src/index.ts",
      "fit-worker": "src/adapters/fit-worker.ts",
    },
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
  const engine = await build({
    ...common,
    entryPoints: { engine: "src/engine.ts" },
    outdir: staging,
    platform: "browser",
    minify: true,
  });
  licences([...Object.keys(node.metafile.inputs), ...Object.keys(engine.metafile.inputs)]);
}

/** The licence texts of the packages whose code is in the bundles. */
function licences(inputs) {
  const names = new Set(
    inputs.map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]).filter(Boolean),
  );
  const texts = [...names].sort().map((name) => {
    const folder = at("node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), "utf8").trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  writeFileSync(join(staging, "THIRD-PARTY-LICENSES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
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

execFileSync(process.execPath, [at("scripts/build-wasm.mjs")], { stdio: "inherit", cwd: root });
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
