import { execFile, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const DEBIAN_ROOT = "/usr/lib/postgresql";
const START_TIMEOUT_S = "60";

/** A private PostgreSQL server of one test run: temporary directory, loopback, free port, fsync on. */
export interface PostgresCluster {
  /** Connection string of a database that has just been made, empty. */
  createDatabase(name: string): Promise<string>;
  /** Kills the server without a word, as a power cut would. */
  crash(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Directory of the newest PostgreSQL server programs, or undefined. */
export function findPostgresPrograms(): string | undefined {
  if (!existsSync(DEBIAN_ROOT)) return undefined;
  return readdirSync(DEBIAN_ROOT)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(DEBIAN_ROOT, version, "bin"))
    .find((bin) => existsSync(path.join(bin, "initdb")));
}

/** PostgreSQL refuses to run as root: then its programs run as the user Debian made for it. */
function asServer(program: string, parameters: readonly string[]): readonly [string, readonly string[]] {
  const isRoot = process.getuid?.() === 0;
  return isRoot ? ["runuser", ["-u", "postgres", "--", program, ...parameters]] : [program, parameters];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/**
 * Makes and starts a cluster.
 * @throws Error when no PostgreSQL is installed, with the command that would install it
 */
export async function startPostgresCluster(): Promise<PostgresCluster> {
  const bin = findPostgresPrograms();
  if (!bin) throw new Error("no PostgreSQL server programs here; to enable: apt-get install postgresql");
  const directory = await mkdtemp(path.join(tmpdir(), "notte-postgres-"));
  if (process.getuid?.() === 0) await run("chown", ["postgres", directory]);
  await chmod(directory, 0o700);
  const data = path.join(directory, "data");
  const port = await freePort();
  const server = async (program: string, parameters: readonly string[]): Promise<void> => {
    const [command, all] = asServer(path.join(bin, program), parameters);
    await run(command, all, { cwd: directory });
  };
  await server("initdb", ["-D", data, "-U", "notte", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions"]);
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories='' -c fsync=on`;

  const control = async (parameters: readonly string[]): Promise<void> => {
    const [command, all] = asServer(path.join(bin, "pg_ctl"), ["-D", data, ...parameters]);
    // pg_ctl's server inherits its output: nobody may wait for that to close.
    const child = spawn(command, all, { cwd: directory, stdio: "ignore" });
    const code = await new Promise((resolve) => child.on("exit", resolve));
    if (code !== 0) throw new Error(`pg_ctl ${parameters.join(" ")} ended with ${String(code)}`);
  };
  const start = (): Promise<void> =>
    control(["-w", "-t", START_TIMEOUT_S, "-l", path.join(directory, "log"), "-o", settings, "start"]);
  await start();
  return {
    start,
    async createDatabase(name) {
      const { default: pg } = await import("pg");
      const client = new pg.Client({ connectionString: `postgres://notte@127.0.0.1:${port}/postgres` });
      await client.connect();
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
      await client.end();
      return `postgres://notte@127.0.0.1:${port}/${name}`;
    },
    crash: () => control(["-w", "-m", "immediate", "stop"]),
    async stop() {
      await control(["-w", "-m", "immediate", "stop"]).catch(() => undefined);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
