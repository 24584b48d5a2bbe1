import { z } from "zod";
import { METER_STATES } from "../meter/meter-reading.ts";

/**
 * Control of the simulated cab (demo only): lay and lift cards, run the meter, cut the network. socket.io on the
 * kiosk's port, namespace `/demo`, loopback only. Used by the control page and by the start page.
 */

/** The six people of the first two minutes. Labels are texts of the screens, not of this protocol. */
export const DEMO_PEOPLE = [
  "all-well",
  "with-friend",
  "two-left",
  "renewed-card",
  "not-registered",
  "evening",
] as const;
export type DemoPerson = (typeof DEMO_PEOPLE)[number];

/** Why the simulated cab reads a card inside the program. Its words are the screens'. */
export const IN_PROCESS_REASONS = [
  "ASKED_FOR",
  "NOT_INSTALLED",
  "NOT_RUNNING",
  "NOT_STARTED",
  "NO_READER",
  "OTHER_READER",
] as const;
/** `detail`: names that need no translation (packages, a reader). */
export const inProcessReason = z.object({ code: z.enum(IN_PROCESS_REASONS), detail: z.string().nullable() });
export type InProcessReason = z.infer<typeof inProcessReason>;

/** What the control page shows of the simulated cab. */
export const demoState = z.object({
  /** Who lies on the reader now. */
  laid: z.enum(DEMO_PEOPLE).nullable(),
  meter: z.object({ state: z.enum(METER_STATES), fareMinor: z.int() }),
  network: z.enum(["up", "cut"]),
  /** A scripted ride (lay, drive, pay) is under way; `step` is what happens now. */
  script: z
    .object({ person: z.enum(DEMO_PEOPLE), step: z.enum(["laying", "driving", "paying", "lifting"]) })
    .nullable(),
  /** Rides in the terminal's journal: confirmed to a passenger, answered by the server, still waiting. */
  journal: z.object({ confirmed: z.int(), answered: z.int(), waiting: z.int(), subsidyMinor: z.int() }),
  /** The last ride's tag, and whether the server has it. */
  lastRide: z.object({ tag: z.string(), rideId: z.string(), synced: z.boolean() }).nullable(),
  /** Seeding of the demo history, while it runs. */
  history: z.object({ done: z.int(), total: z.int(), finished: z.boolean() }),
  /** How the card is read: real PC/SC through vpcd, or in-process, with the reason. */
  door: z.object({ technology: z.enum(["pcsc", "simulator"]), reason: inProcessReason.nullable() }),
  /** The demo's clock (epoch ms): shifted into opening hours when the real one is outside them. */
  now: z.int(),
});
export type DemoState = z.infer<typeof demoState>;

/** What the control page asks of the simulated cab. */
export const demoCommand = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("lay"), person: z.enum(DEMO_PEOPLE) }),
  z.object({ kind: z.literal("lift") }),
  z.object({
    kind: z.literal("meter"),
    state: z.enum(METER_STATES),
    fareMinor: z.int().min(0),
  }),
  z.object({ kind: z.literal("network"), network: z.enum(["up", "cut"]) }),
  /** The whole ride of one person, at a pace a person can follow. */
  z.object({ kind: z.literal("ride"), person: z.enum(DEMO_PEOPLE), fareMinor: z.int().min(0).optional() }),
]);
export type DemoCommand = z.infer<typeof demoCommand>;

/** Sent by the control page. */
export interface ClientToDemoEvents {
  command(command: DemoCommand, reply: (reply: { ok: boolean; message: string | null }) => void): void;
}
/** Sent to the control page. */
export interface DemoToClientEvents {
  state(state: DemoState): void;
}
/** The namespace of the demo's control. */
export const DEMO_NAMESPACE = "/demo";

/** `GET /demo.json` of the server in demo mode: where the other parts listen. 404 outside demo mode. */
export const demoAddresses = z.object({ kioskUrl: z.string(), municipality: z.string(), companyId: z.string() });
export type DemoAddresses = z.infer<typeof demoAddresses>;
