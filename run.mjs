import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * `node run.mjs PROGRAM.ts [arguments]`: bundles a program of this project and runs the bundle. The
 * programs have some hundred files each: loading them one by one through a TypeScript loader takes seconds of every start.
 * Packages stay where they are. Bundles lie under `node_modules/.cache`, named by their content, with a list of the files
 * they are made of: they are made anew when one of those has changed. Where nothing can be written the program is loaded
 * file by file.
 */

const ROOT = import.meta.dirname;
const CACHE = join(ROOT, "node_modules", ".cache", "notte");
const LIST = "bundle.json";
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

/** The path of the program's bundle, made anew when it is not what the sources say. */
async function bundleOf(program) {
  const folder = join(CACHE, relative(ROOT, program).replaceAll(/[^a-z0-9]+/gi, "-"));
  return known(folder) ?? (await bundle(program, folder));
}

/** The bundle in a folder when the sources are as they were, or undefined. */
function known(folder) {
  try {
    const { sources, files, entry } = JSON.parse(readFileSync(join(folder, LIST), "utf8"));
    const isSame = sources.every(([path, mark]) => markOf(path) === mark);
    return isSame && files.every((file) => existsSync(join(folder, file))) ? join(folder, entry) : undefined;
  } catch {
    // No list, or a source that is gone.
    return undefined;
  }
}

function markOf(path) {
  return textOf(statSync(join(ROOT, path)));
}

/** The time of the last change of the file itself too: an archive may set the other as it likes. */
function textOf({ mtimeMs, ctimeMs, size }) {
  return `${mtimeMs} ${ctimeMs} ${size}`;
}

async function bundle(program, folder) {
  const { build } = await import("esbuild");
  const begunMs = Date.now();
  const { outputFiles, metafile } = await build({
    entryPoints: [program],
    absWorkingDir: ROOT,
    outdir: folder,
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What a program imports later is a file of its own, loaded then.
    splitting: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: "external",
    sourcesContent: false,
    logLevel: "warning",
    plugins: [ownPlaces],
  });
  const paths = [...Object.keys(metafile.inputs), "run.mjs", "package.json", "tsconfig.json"];
  const files = outputFiles.map(({ path }) => basename(path));
  const [entryPath] = Object.entries(metafile.outputs).find(
    ([, { entryPoint }]) => entryPoint !== undefined && resolve(ROOT, entryPoint) === program,
  );
  const entry = basename(entryPath);
  mkdirSync(folder, { recursive: true });
  forgetOld(folder, files);
  for (const { path, contents } of outputFiles) put(path, contents);
  // A file that was changed while it was read may be in the bundle as it was before: then the next start makes it anew.
  const stats = paths.map((path) => statSync(join(ROOT, path)));
  const isSettled = stats.every(({ mtimeMs, ctimeMs }) => Math.max(mtimeMs, ctimeMs) < begunMs);
  const sources = paths.map((path, index) => [path, textOf(stats[index])]);
  if (isSettled) put(join(folder, LIST), JSON.stringify({ sources, files, entry }));
  return join(folder, entry);
}

/** Another start may be writing the same: whoever reads must never see half of it. */
function put(file, contents) {
  const written = `${file}.${process.pid}`;
  writeFileSync(written, contents);
  renameSync(written, file);
}

/** Removes files of bundles made long ago: a start that is under way may still load its own. */
function forgetOld(folder, current) {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    // What another start has just renamed or removed is none of ours.
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat && !current.includes(name) && Date.now() - stat.mtimeMs > KEPT_MS) rmSync(file, { force: true });
  }
}

const maps = new Map();

/**
 * A line of a stack with the place in the source instead of the bundle. Node's own source maps are read when a program is
 * loaded, which costs a quarter of the start; here one is read when something has broken.
 */
function inSource(frame) {
  return frame.replace(/file:\/\/\S+\.mjs:\d+:\d+/, (place) => {
    const [, url, line, column] = /^(.*):(\d+):(\d+)$/.exec(place);
    const file = fileURLToPath(url);
    if (!maps.has(file)) maps.set(file, readMap(`${file}.map`));
    const entry = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry?.originalSource === undefined) return place;
    const source = resolve(dirname(file), entry.originalSource);
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

function readMap(file) {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
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
    file = await bundleOf(program);
  } catch (error) {
    if (!["EACCES", "EROFS", "EPERM", "ENOSPC", "EEXIST", "ENOTDIR"].includes(error.code)) throw error;
    const { register } = await import("tsx/esm/api");
    register();
    file = program;
  }
  // Libraries check themselves at every step unless told that this is not their own development.
  process.env.NODE_ENV ??= "production";
  Error.prepareStackTrace = (error, frames) =>
    [String(error), ...frames.map((frame) => `    at ${inSource(String(frame))}`)].join("\n");
  await import(pathToFileURL(file).href);
}

await run();
