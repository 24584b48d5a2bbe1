import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** One file of the repository's own code. */
export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with every comment blanked out (lines are kept). */
  readonly code: string;
  readonly isTest: boolean;
}

/** Something one file takes from another, or from a package. */
export interface SourceImport {
  /** As written. */
  readonly specifier: string;
  /** Path from the root, or the package's name, or `node:…`. */
  readonly target: string;
  readonly isPackage: boolean;
}

const SKIPPED = new Set(["node_modules", "generated", "dist", "coverage", ".git", ".data"]);

/** Every file of the given endings in the given top folders, sorted; generated and installed files are left out. */
export function readSources(folders: readonly string[], endings: readonly string[]): SourceFile[] {
  const files: SourceFile[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const at = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) walk(at);
      } else if (endings.some((ending) => entry.name.endsWith(ending))) {
        const text = readFileSync(at, "utf8");
        const isTest = at.startsWith("tests/") || /\.test\.tsx?$/.test(at);
        files.push({ path: at, text, code: withoutComments(text), isTest });
      }
    }
  };
  for (const folder of folders) walk(folder);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*)(["'`])([^"'`\n]+)\1/g;

/** Static, dynamic and type-only imports and re-exports. */
export function importsOf(file: SourceFile): SourceImport[] {
  return [...file.code.matchAll(IMPORT)].map((match) => {
    const specifier = match[2] as string;
    if (specifier.startsWith("#")) return { specifier, target: specifier.slice(1), isPackage: false };
    if (specifier.startsWith(".")) {
      return { specifier, target: path.posix.join(path.posix.dirname(file.path), specifier), isPackage: false };
    }
    const parts = specifier.split("/");
    const target = specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] as string);
    return { specifier, target, isPackage: true };
  });
}

/** Blanks out comments; strings and templates are passed over, so that `"https://…"` stays. */
function withoutComments(text: string): string {
  const pattern = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(pattern, (part) => (part.startsWith("/") ? part.replace(/[^\n]/g, " ") : part));
}
