import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { findCapabilities } from "./capabilities.ts";

/**
 * `npm test`: checks, unit tests, then everything that drives real parts. What this machine cannot run is listed with
 * the command that would enable it; with `CI=true` nothing may be missing.
 */

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
  success: z.boolean(),
});

let passed = 0;
let failed = 0;

/** Runs one program; its failure counts as one failed check. */
function step(name: string, command: string, args: readonly string[]): void {
  process.stdout.write(`\n── ${name}\n`);
  const done = spawnSync(command, args, { stdio: "inherit" });
  if (done.status === 0) passed += 1;
  else {
    failed += 1;
    process.stdout.write(`✗ ${name} failed (${done.status ?? done.signal})\n`);
  }
}

/** Runs one Vitest project and adds its counts. A run that reports nothing, or skips anything, is a failure. */
function vitest(project: string, excluded: readonly string[]): void {
  process.stdout.write(`\n── vitest: ${project}\n`);
  const directory = mkdtempSync(join(tmpdir(), "notte-report-"));
  const file = join(directory, "report.json");
  const args = [
    "vitest",
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ];
  for (const pattern of excluded) args.push("--exclude", pattern);
  const done = spawnSync("npx", args, { stdio: "inherit" });
  try {
    const counts = report.parse(JSON.parse(readFileSync(file, "utf8")));
    passed += counts.numPassedTests;
    failed += counts.numFailedTests;
    const skipped = counts.numPendingTests + counts.numTodoTests;
    if (skipped > 0) {
      failed += skipped;
      process.stdout.write(`✗ ${skipped} tests of ${project} were skipped; a skipped test is no test\n`);
    }
    if (!counts.success && counts.numFailedTests === 0) failed += Math.max(1, counts.numFailedTestSuites);
    if (counts.numPassedTests === 0) failed += 1;
  } catch {
    failed += 1;
    process.stdout.write(`✗ vitest ${project} left no report (${done.status ?? done.signal})\n`);
  }
  rmSync(directory, { recursive: true, force: true });
}

const isCi = process.env["CI"] === "true";
const missing = findCapabilities().filter((capability) => !capability.present);
for (const capability of missing) {
  process.stdout.write(`cannot run here: ${capability.what}. To enable: ${capability.enable}\n`);
  if (isCi) failed += 1;
}

step("generated types", "npm", ["run", "-s", "generate"]);
step("types", "npx", ["tsc", "-p", "tsconfig.json"]);
step("lint and format", "npx", ["biome", "check", "."]);
step("dead code", "npx", ["knip"]);
vitest("unit", []);
step("web and kiosk build", "npm", ["run", "-s", "build"]);
const unable = missing.map((capability) => `**/*.${capability.key}.*`);
vitest("stack", unable);
if (process.env["NOTTE_LONG"]) vitest("long", unable);

if (missing.length > 0 && !isCi) {
  process.stdout.write(`\nnot run here, see above: ${missing.map((capability) => capability.key).join(", ")}\n`);
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
