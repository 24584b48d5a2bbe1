import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/**
 * `node run.mjs PROGRAM.ts [arguments]`: puts a program of this project into one file of JavaScript and runs it. The
 * programs have some hundred files each: loading them one by one through a TypeScript loader takes seconds of every start.
 * Packages stay where they are. Bundles lie under `node_modules/.cache`, named by their content; where nothing can be
 * written the program is loaded file by file.
 */

const ROOT = import.meta.dirname;
const CACHE = join(ROOT, "node_modules", ".cache", "notte");
const KEPT_MS = 24 * 3_600_000;

/** What a file says of its own place must be true of the source, not of the bundle. */
const ownPlaces = {
  name: "own-places",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, "utf8")
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(path)))
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: "ts" };
    });
  },
};

/** Bundles the program and returns the path of the bundle. */
async function bundle(program) {
  const { outputFiles } = await build({
    entryPoints: [program],
    absWorkingDir: ROOT,
    outfile: join(CACHE, "bundle.mjs"),
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "warning",
    plugins: [ownPlaces],
  });
  const text = outputFiles[0].text;
  const name = relative(ROOT, program).replaceAll(/[^a-z0-9]+/gi, "-");
  const file = join(CACHE, `${name}.${createHash("sha256").update(text).digest("hex").slice(0, 16)}.mjs`);
  mkdirSync(CACHE, { recursive: true });
  forgetOld(basename(file));
  // Another start may be writing the same bytes: whoever reads must never see half of them.
  const written = `${file}.${process.pid}`;
  writeFileSync(written, text);
  renameSync(written, file);
  return file;
}

/** Removes bundles that nobody has started for a day. */
function forgetOld(current) {
  for (const name of readdirSync(CACHE)) {
    const file = join(CACHE, name);
    if (name !== current && Date.now() - statSync(file).mtimeMs > KEPT_MS) rmSync(file, { force: true });
  }
}

async function run() {
  const [, , given, ...rest] = process.argv;
  if (given === undefined) {
    process.stderr.write("node run.mjs PROGRAM.ts [arguments]\n");
    process.exit(2);
  }
  const program = resolve(ROOT, given);
  process.argv = [process.argv[0], program, ...rest];
  let file;
  try {
    file = await bundle(program);
  } catch (error) {
    if (!["EACCES", "EROFS", "EPERM", "ENOSPC"].includes(error.code)) throw error;
    const { register } = await import("tsx/esm/api");
    register();
    file = program;
  }
  // Libraries check themselves at every step unless told that this is not their own development.
  process.env.NODE_ENV ??= "production";
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(file).href);
}

await run();
