import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildSync } from "esbuild";

const src = fileURLToPath(new URL("../../src", import.meta.url));

/** Compiles fit-worker.ts, or a module of `src` with the text given, as the build does, into a folder of its own. */
export function compiledWorker(text?: string): URL {
  const outfile = join(mkdtempSync(join(tmpdir(), "cellwright-worker-")), "fit-worker.mjs");
  buildSync({
    ...(text === undefined
      ? { entryPoints: [join(src, "adapters", "fit-worker.ts")] }
      : { stdin: { contents: text, resolveDir: src } }),
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  return pathToFileURL(outfile);
}
