import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runProgram } from "#tests/kit/run-program.ts";
import { readBooks, type ServerProcess, startServerProcess } from "#tests/kit/server-process.ts";

/** Real trips of some years; they lie beside the repository, or where NOTTE_TRIPS_FILE says. */
const FILE = process.env.NOTTE_TRIPS_FILE ?? join("..", "shared", "data", "taxi-trips-chicago-15k.csv");
const CITY = "lakeside";
const PATIENCE_MS = 20 * 60_000;

let server: ServerProcess;

beforeAll(async () => {
  if (!existsSync(FILE)) throw new Error(`${FILE} is missing: NOTTE_TRIPS_FILE names another place`);
  server = await startServerProcess();
});
afterAll(() => server?.stop());

it(
  "every row of a file of real trips comes to an end that is counted, and the books agree",
  async () => {
    const rows = parse(readFileSync(FILE), { columns: true, skip_empty_lines: true }).length;
    const startedAt = performance.now();
    const { code, stdout, stderr } = await runProgram(
      process.execPath,
      [
        ...["run.mjs", "simulators/main.ts", "fleet", "--trips", FILE, "--municipality", CITY],
        ...["--server", server.url, "--data-dir", server.dataDirectory],
      ],
      PATIENCE_MS,
    );
    expect(stderr).not.toContain("Error");
    expect(code).toBe(0);
    const counts = countsOf(stdout);
    const sum = (kind: string): number =>
      [...counts].reduce((all, [name, count]) => (name.startsWith(`${kind} (`) ? all + count : all), 0);
    const recorded = counts.get("recorded") ?? 0;
    expect(counts.get("rows of the file")).toBe(rows);
    expect(recorded + sum("refused") + sum("quarantined") + sum("rejected")).toBe(rows);
    // Real life is in the file: rides of people nobody registered, of ended entitlements, beyond the yearly limit, absurd ones.
    expect(recorded).toBeGreaterThan(rows / 2);
    for (const reason of ["NOT_REGISTERED", "ENTITLEMENT_EXPIRED", "YEAR_LIMIT"]) {
      expect(counts.get(`refused (${reason})`)).toBeGreaterThan(0);
    }
    expect(sum("quarantined")).toBeGreaterThan(0);
    expect(sum("rejected")).toBeGreaterThan(0);

    const books = await readBooks(server.url, CITY);
    expect(books).toMatchObject({ rides: recorded + sum("refused"), quarantined: sum("quarantined") });
    expect(books.decidedSubsidyMinor).toBeGreaterThan(0);
    expect(books.postedSubsidyMinor).toBe(books.decidedSubsidyMinor);
    expect(books.eventSubsidyMinor).toBe(books.decidedSubsidyMinor);
    expect(books.eventCount).toBe(books.lastPosition);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    process.stdout.write(
      `${rows} trips in ${seconds} s: ${JSON.stringify({ ...Object.fromEntries(counts), ...books })}\n`,
    );
  },
  PATIENCE_MS,
);

/** The counts of the program's last lines, by their words. */
function countsOf(stdout: string): ReadonlyMap<string, number> {
  const lines = [...stdout.matchAll(/^(recorded|rows of the file|(?:refused|quarantined|rejected) \(\S+\)) +(\d+)$/gm)];
  return new Map(lines.map(([, name = "", count]) => [name, Number(count)]));
}
