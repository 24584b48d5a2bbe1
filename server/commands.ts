import { parseArgs } from "node:util";
import type { ServerConfig } from "./config.ts";
import { addStaff, faultOfStaff, type NewStaff } from "./identity/add-staff.ts";
import { writeKeys } from "./identity/keys.ts";
import { loadCities } from "./schemes/load-cities.ts";
import { migrate } from "./storage/migrate.ts";
import { openDatabase } from "./storage/open-database.ts";

type Refuse = (sentences: readonly string[]) => never;

/** Makes production keys in a directory. */
export async function runMakeKeys(args: readonly string[], refuse: Refuse): Promise<void> {
  const [directory] = args;
  if (directory === undefined || args.length > 1) refuse(["make-keys needs one directory."]);
  const keys = writeKeys(directory, { demo: false });
  process.stdout.write(
    `Keys are in ${directory}. Receipts are signed by ${keys.receipt.keyId}. Keep a copy offline.\n`,
  );
}

const USAGE =
  "add-staff --municipality <id> --login <login> --name <name> --role <role> [--role <role>] [--company <id>], password in NOTTE_STAFF_PASSWORD";

/** Reads the arguments of `add-staff`. The password never stands in them: others could read it in the process list. */
export function parseStaffArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  refuse: Refuse,
): NewStaff {
  const text = { type: "string" } as const;
  const options = {
    municipality: text,
    login: text,
    name: text,
    company: text,
    role: { ...text, multiple: true },
  } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    return refuse([`${(error as Error).message}. ${USAGE}`]);
  }
  const { municipality, login, name, role, company } = values;
  const password = env.NOTTE_STAFF_PASSWORD;
  if (!municipality || !login || !name || !role || !password) return refuse([USAGE]);
  return { municipality, login, password, name, roles: role, companyId: company ?? null };
}

/** Makes a staff account in the database the settings name. */
export async function runAddStaff(staff: NewStaff, config: ServerConfig, refuse: Refuse): Promise<void> {
  const fault = faultOfStaff(staff, await loadCities(config.citiesDir));
  if (fault) refuse([fault]);
  const database = await openDatabase(config);
  try {
    await migrate(database, Date.now());
    const made = await addStaff(database, staff, Date.now());
    if (!made) refuse([`The login "${staff.login}" is taken.`]);
    process.stdout.write(`${staff.login} can sign in.\n`);
  } finally {
    await database.close();
  }
}
