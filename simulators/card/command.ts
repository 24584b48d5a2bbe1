import { join } from "node:path";
import { parseArgs } from "node:util";
import { detectCardDoor } from "./detect-door.ts";
import { createDrivingLicence, slow, tornAt } from "./faults.ts";
import { createTestCa } from "./test-ca.ts";
import type { VirtualCard } from "./virtual-card.ts";
import { createVpcdDoor, VPCD_DEFAULT } from "./vpcd-door.ts";

/** One line for the list of simulators. */
export const CARD_COMMAND_SUMMARY = "card --door vpcd [--person KEY]         lays a simulated card on the PC/SC reader";

const HELP = `npm run sim -- card --door vpcd [options]

Lays a simulated My Number Card on pcscd's virtual reader until Ctrl-C lifts it.
Needs pcscd and the Debian package vsmartcard-vpcd.

  --person KEY      whose card (default: visitor); the same key is always the same card
  --fault KIND      torn (taken away once in mid-read), slow (300 ms an answer) or licence (another card)
  --data-dir DIR    where the TEST authority lives (default: DATA_DIR or .data)
`;

/** A person waits; a busy machine may need longer than a demo's start allows. */
const PATIENCE_MS = 8_000;

const FAULTS = ["torn", "slow", "licence"] as const;
type Fault = (typeof FAULTS)[number];

interface CardCommand {
  readonly person: string;
  readonly fault: Fault | null;
  readonly dataDirectory: string;
}

/** `npm run sim -- card …`: returns the exit code; stays until the process is told to end. */
export async function runCardCommand(argv: readonly string[]): Promise<number> {
  const command = parse(argv);
  if (typeof command === "string") {
    process.stdout.write(HELP);
    if (command !== "help") process.stderr.write(`\n${command}\n`);
    return command === "help" ? 0 : 2;
  }
  const found = await detectCardDoor(VPCD_DEFAULT, PATIENCE_MS);
  if (found.technology !== "pcsc") {
    process.stderr.write(`notte: no card can be laid: ${found.note ?? "no reader"}.\n`);
    return 1;
  }
  const door = createVpcdDoor();
  await door.lay(await makeCard(command));
  const what = command.fault === "licence" ? "A driving licence" : `The card of "${command.person}" (TEST authority)`;
  process.stdout.write(`${what} lies on the PC/SC reader "Virtual PCD". Ctrl-C lifts it.\n`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
  await door.lift();
  return 0;
}

async function makeCard({ person, fault, dataDirectory }: CardCommand): Promise<VirtualCard> {
  if (fault === "licence") return createDrivingLicence(person);
  const ca = await createTestCa(join(dataDirectory, "test-ca"));
  if (fault === null) return ca.card(person);
  return ca.card(person, { faults: [fault === "torn" ? tornAt(4) : slow(300)] });
}

/** The command, `help`, or a sentence about what is wrong with it. */
function parse(argv: readonly string[]): CardCommand | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        door: { type: "string", default: "vpcd" },
        person: { type: "string", default: "visitor" },
        fault: { type: "string" },
        "data-dir": { type: "string", default: process.env.DATA_DIR ?? ".data" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return "help";
    if (values.door !== "vpcd") return `there is no door "${values.door}": the only one is vpcd`;
    const fault = FAULTS.find((candidate) => candidate === values.fault) ?? null;
    if (values.fault !== undefined && fault === null) return `there is no fault "${values.fault}"`;
    return { person: values.person, fault, dataDirectory: values["data-dir"] };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
