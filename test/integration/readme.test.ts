import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const readme = readFileSync("README.md", "utf8");

/** Runs a script of the README against the sources, as a user runs it against the package. */
async function runScript(source: string): Promise<string> {
  const folder = mkdtempSync(join(resolve("node_modules"), ".readme-"));
  try {
    const outfile = join(folder, "script.mjs");
    await build({
      stdin: { contents: source, loader: "ts", resolveDir: resolve(".") },
      alias: { cellwright: resolve("src/index.ts") },
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      packages: "external",
      logLevel: "silent",
    });
    const { status, stdout, stderr } = spawnSync(process.execPath, [outfile], {
      encoding: "utf8",
      cwd: tmpdir(),
    });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("the README", () => {
  it("opens with the two commands of a new user", () => {
    const commands = [...readme.matchAll(/^npm .*$/gm)].map((match) => match[0].split("#")[0]!.trim());
    expect(commands.slice(0, 2)).toEqual(["npm ci && npm start", "npm ci && npm test"]);
  });

  it("shows a script that runs and prints a porosity and settings", async () => {
    const script = /```ts\n(import [\s\S]*?)```/.exec(readme)![1]!;
    const printed = await runScript(script);
    expect(printed).toMatch(/porosity 3\d\.\d ± \d\.\d %/);
    expect(printed).toContain("line_load");
  });

  it("records a trial that a new campaign really suggests first", async () => {
    const { runCli } = await import("../cli/fake-effects.js");
    const folder = mkdtempSync(join(tmpdir(), "cellwright-readme-"));
    try {
      await runCli(folder, ["init", "calendering", "--dir", "my-line"]);
      await runCli(folder, ["suggest", "my-line/calendering.campaign.yaml", "-n", "4"]);
      const [, words] = /npx cellwright (record .*)/.exec(readme)!;
      const { code, out } = await runCli(folder, words!.trim().split(/\s+/));
      expect(code).toBe(0);
      expect(out).toContain("completed");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("names only commands that the command line has", async () => {
    const { runCli } = await import("../cli/fake-effects.js");
    const help = (await runCli(".", ["--help"])).out;
    const named = [...readme.matchAll(/(?:npx )?cellwright ([a-z]+)\b/g)].map((match) => match[1]!);
    for (const command of new Set(named)) expect(help).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
  });
});
