import { describe, expect, it } from "vitest";
import { importsOf, readSources, type SourceFile } from "#tests/kit/source-tree.ts";

/** The house and its arrows (docs/architecture.md, docs/decisions/0001-one-package.md), checked on every file. */

const FOLDERS = ["domain", "protocol", "server", "terminal", "ui", "web", "simulators", "bench", "tests"] as const;
type Folder = (typeof FOLDERS)[number];

/** Folders each folder may import, itself included. Tests may import anything. */
const ARROWS: Readonly<Record<Folder, readonly Folder[]>> = {
  domain: ["domain"],
  protocol: ["protocol", "domain"],
  server: ["server", "protocol", "domain"],
  terminal: ["terminal", "ui", "protocol", "domain"],
  ui: ["ui", "protocol", "domain"],
  web: ["web", "ui", "protocol", "domain"],
  simulators: ["simulators", "terminal", "ui", "protocol", "domain"],
  bench: FOLDERS,
  tests: FOLDERS,
};

/** Packages that `domain` and `protocol` may use: pure ones only. */
const PURE_PACKAGES: Readonly<Record<"domain" | "protocol", readonly string[]>> = {
  domain: [],
  protocol: ["zod", "temporal-polyfill", "@noble/hashes"],
};

/** Files from which a tool demands a default export. */
const CONFIG_FILE = /(^|\/)(codegen|vitest\.config|vite\.config)\.ts$/;

const files = readSources([...FOLDERS], [".ts", ".tsx"]);
const production = files.filter((file) => !file.isTest);
const folderOf = (path: string): Folder => path.split("/")[0] as Folder;
const pure = production.filter((file) => ["domain", "protocol"].includes(folderOf(file.path)));

/** Lines of `file path:line text` for every match in the code (comments left out). */
function hits(among: readonly SourceFile[], pattern: RegExp): string[] {
  return among.flatMap((file) =>
    file.code
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${file.path}:${index + 1} ${line.trim()}`] : [])),
  );
}

describe("import arrows", () => {
  it("are checked on a tree that is there", () => {
    expect(files.length).toBeGreaterThan(100);
    const empty = FOLDERS.filter((folder) => files.every((file) => folderOf(file.path) !== folder));
    expect(empty).toEqual([]);
  });

  it("point inwards only", () => {
    const wrong = production.flatMap((file) =>
      importsOf(file)
        .filter(({ target, isPackage }) => !isPackage && FOLDERS.includes(folderOf(target)))
        .filter(({ target }) => !ARROWS[folderOf(file.path)].includes(folderOf(target)))
        .map(({ specifier }) => `${file.path} → ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it("what both screens share is used by screens alone", () => {
    const wrong = production
      .filter((file) => ["terminal", "simulators"].includes(folderOf(file.path)))
      .filter((file) => !file.path.startsWith("terminal/kiosk/") && !file.path.startsWith("simulators/demo/control/"))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ target }) => target.startsWith("ui/"))
          .map(({ specifier }) => `${file.path} → ${specifier}`),
      );
    expect(wrong).toEqual([]);
  });

  it("resolvers reach the database through stores, and only the composition roots know both", () => {
    const wrong = production
      .filter((file) => /^server\/(graphql|http)\//.test(file.path))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ target }) => target.startsWith("server/storage/"))
          .map(({ specifier }) => `${file.path} → ${specifier}`),
      );
    expect(wrong).toEqual([]);
  });

  it("domain and protocol take pure packages only", () => {
    const wrong = pure.flatMap((file) =>
      importsOf(file)
        .filter(
          ({ target, isPackage }) => isPackage && !PURE_PACKAGES[folderOf(file.path) as "domain"].includes(target),
        )
        .map(({ specifier }) => `${file.path} → ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it("cross a top folder by #name with the .ts ending, and stay relative inside one", () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter(({ target, isPackage }) => !isPackage && FOLDERS.includes(folderOf(target)))
        .filter(({ specifier, target }) => specifier.startsWith(".") && folderOf(target) !== folderOf(file.path))
        .map(({ specifier }) => `${file.path} → ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it("optional native packages are imported in one file each, dynamically", () => {
    for (const name of ["node-hid", "pcsclite"]) {
      const users = production.filter((file) => importsOf(file).some(({ target }) => target === name));
      expect(users.length, name).toBeLessThanOrEqual(1);
      expect(hits(users, new RegExp(`^import (?!type).*["']${name}["']`)), name).toEqual([]);
    }
  });

  it("are readable: no import of a computed name", () => {
    expect(hits(production, /\bimport\((?!\s*["'])/)).toEqual([]);
  });
});

describe("domain and protocol", () => {
  it("know no clock, randomness, environment or output", () => {
    const impure =
      /\bMath\.random\b|\bDate\.now\b|\bnew Date\b|\bDate\(|\bperformance\.|\bTemporal\.Now\b|\bset(Timeout|Interval|Immediate)\b|\bprocess\.|\bconsole\.|\bfetch\(|\bcrypto\.|\bBuffer\b|\bglobalThis\b|["']node:/;
    expect(hits(pure, impure)).toEqual([]);
  });

  it("say what every export is", () => {
    const undocumented = pure.flatMap((file) => {
      const lines = file.text.split("\n");
      return lines.flatMap((line, index) => {
        const found = /^export (?:declare )?(?:async )?(?:abstract )?(function|class|interface|type|const) (\w+)/.exec(
          line,
        );
        if (!found) return [];
        // `type X = (typeof XS)[number]` and `type X = z.infer<typeof x>` stand under the documented constant.
        if (found[1] === "type" && /\btypeof\b/.test(line)) return [];
        const before = lines[index - 1] ?? "";
        return /\*\/\s*$|^\s*\/\*\*.*\*\/\s*$/.test(before) ? [] : [`${file.path}:${index + 1} ${found[2]}`];
      });
    });
    expect(undocumented).toEqual([]);
  });
});

describe("every file", () => {
  it("exports by name", () => {
    const wrong = hits(files, /^export default\b|\bas default\b/).filter(
      (hit) => !CONFIG_FILE.test(hit.split(":")[0] ?? ""),
    );
    expect(wrong).toEqual([]);
  });

  it("is no barrel and no collection of leftovers", () => {
    expect(hits(files, /^export \* from\b/)).toEqual([]);
    const names = files
      .map((file) => file.path)
      .filter((path) => /(^|\/)(index|utils?|helpers?|types|misc|common)\.tsx?$/.test(path));
    expect(names).toEqual([]);
  });

  it("has no enum, namespace or parameter property", () => {
    expect(
      hits(
        files,
        /^\s*(export )?(declare )?(const )?enum \w|^\s*(export )?namespace \w|constructor\(([^)]*, )?(private|public|protected|readonly) \w/,
      ),
    ).toEqual([]);
  });

  it("has at most 400 lines", () => {
    const long = files
      .map((file) => ({ path: file.path, lines: file.text.split("\n").length - 1 }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  it("leaves no test out and no work behind", () => {
    const tests = files.filter((file) => file.isTest);
    expect(hits(tests, /\b(it|test|describe)\.(skip|only|todo|skipIf|runIf)\b|\bx(it|describe)\(/)).toEqual([]);
    const notes = files.flatMap((file) =>
      file.text
        .split("\n")
        .flatMap((line, index) => (/\b(TODO|FIXME|XXX|HACK)\b/.test(line) ? [`${file.path}:${index + 1}`] : [])),
    );
    expect(notes.filter((note) => !note.startsWith("tests/architecture.test.ts"))).toEqual([]);
  });
});

describe("what is said", () => {
  it("is found in this repository: nothing refers to papers a reader does not have", () => {
    const papers = /\b(DESIGN|FACTS|SCREENS|STYLE|GAZETTEER|ANCHORS)(\.md)? (§|line)/;
    expect(hits([...production, ...readSources(["docs"], [".md"])], papers)).toEqual([]);
  });
});

describe("cities are data", () => {
  it("no code names a city, its zone, currency or scheme", () => {
    const screens = readSources(["server", "terminal", "ui", "web", "simulators"], [".sql", ".css", ".html"]);
    // Benches measure the shipped data, the gallery's views are fixtures; how a currency is read aloud belongs to it.
    const code = production.filter((file) => !file.path.startsWith("bench/") && !file.path.includes("/gallery/"));
    const places = /maebashi|前橋|まえばし|lakeside|chicago|mytaxi|マイタク|Asia\/Tokyo|America\//i;
    expect(hits([...code, ...screens], places)).toEqual([]);
    const currencies = code.filter((file) => !file.path.startsWith("ui/format/"));
    expect(hits(currencies, /\bJPY\b|\bUSD\b/)).toEqual([]);
  });
});
