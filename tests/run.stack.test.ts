import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");

describe("run.mjs", () => {
  let folder: string;
  let program: string;
  let cache: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "notte-run-"));
    program = join(folder, "main.ts");
    cache = join(ROOT, "node_modules/.cache/notte", relative(ROOT, program).replaceAll(/[^a-z0-9]+/gi, "-"));
    writeFileSync(
      program,
      `import { word } from "./part.ts";
interface Said { readonly word: string }
const said: Said = { word: word() };
const { later } = await import("./later.ts");
console.log(JSON.stringify({ ...said, later, here: import.meta.dirname, arguments: process.argv.slice(2) }));
`,
    );
    writeFileSync(join(folder, "package.json"), `{ "type": "module" }`);
    writeFileSync(join(folder, "later.ts"), "export const later: number = 7;\n");
    part("first");
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(cache, { recursive: true, force: true });
  });

  const part = (word: string): void =>
    writeFileSync(join(folder, "part.ts"), `\n\nexport function word(): string {\n  return "${word}";\n}\n`);
  const run = (...more: readonly string[]) =>
    spawnSync(process.execPath, [join(ROOT, "run.mjs"), program, ...more], { encoding: "utf8" });
  const said = (): Record<string, unknown> => JSON.parse(run().stdout);

  it("runs a program with its arguments, which knows its own place and loads a part later", () => {
    const { stdout, stderr, status } = run("one", "--two");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({ word: "first", later: 7, here: folder, arguments: ["one", "--two"] });
    expect(status).toBe(0);
  });

  it("keeps the bundle until a source changes, and never runs an old one", () => {
    const before = readdirSync(cache);
    expect(said()["word"]).toBe("first");
    expect(readdirSync(cache)).toEqual(before);
    part("other");
    expect(said()["word"]).toBe("other");
    part("third");
    expect(said()["word"]).toBe("third");
    rmSync(join(cache, readdirSync(cache).find((name) => name.startsWith("part-")) ?? "none"));
    expect(said()["word"]).toBe("third");
  });

  it("tells where in the source something broke", () => {
    writeFileSync(join(folder, "part.ts"), `export function word(): string {\n  throw new Error("broken");\n}\n`);
    const { stderr, status } = run();
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/part\.ts:2/);
  });

  it("says what is wrong with a source that cannot be read", () => {
    writeFileSync(join(folder, "part.ts"), "export function word(: string {\n");
    const { stderr, status } = run();
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/part\.ts:1/);
  });

  it("loads the program file by file where nothing can be written", () => {
    part("fourth");
    rmSync(cache, { recursive: true, force: true });
    // A file in the place of the folder: also root cannot write there.
    mkdirSync(resolve(cache, ".."), { recursive: true });
    writeFileSync(cache, "");
    chmodSync(cache, 0o400);
    const { stdout, stderr } = run();
    rmSync(cache, { force: true });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)["word"]).toBe("fourth");
  });
});
