import { z } from "zod";
import { STEP_CODES } from "#domain/decision/decision.ts";
import { REFUSAL_CODES } from "#domain/decision/refusal.ts";
import type { SchemeVersionId } from "#domain/ids.ts";
import type { Minor } from "#domain/money/money.ts";

/** Shapes of the server's answers (schema.graphql), parsed at the edge once. */

const minor = z.int().transform((value) => value as Minor);
const refusal = z.enum(REFUSAL_CODES).nullable();
const inputError = z.object({ code: z.string(), message: z.string() }).nullable();

const limits = z.array(
  z.object({
    unit: z.enum(["USES", "MONEY"]).transform((unit) => (unit === "USES" ? "uses" : "money")),
    per: z
      .enum(["RIDE", "DAY", "MONTH", "FISCAL_YEAR"])
      .transform((per) => (({ RIDE: "ride", DAY: "day", MONTH: "month", FISCAL_YEAR: "fiscal-year" }) as const)[per]),
    amount: z.int(),
    left: z.int(),
  }),
);

const decision = z.object({
  schemeVersion: z
    .string()
    .nullable()
    .transform((version) => version as SchemeVersionId | null),
  fareMinor: minor,
  eligibleFareMinor: minor,
  subsidyMinor: minor,
  riderPaysMinor: minor,
  riders: z.array(z.object({ granted: z.boolean(), refusal, uses: z.int(), subsidyMinor: minor, limits })),
  steps: z.array(
    z.object({
      code: z.enum(STEP_CODES),
      rider: z.int().nullable(),
      amountMinor: minor,
      parameters: z
        .array(z.object({ name: z.string(), value: z.int() }))
        .transform((list): Record<string, number> => Object.fromEntries(list.map(({ name, value }) => [name, value]))),
      refusal,
    }),
  ),
});

export const openRideAnswer = z.object({
  openRide: z.object({
    usable: z.boolean(),
    refusal,
    holdId: z.string().nullable(),
    limits,
    usableUntil: z.string().nullable(),
    capMinor: z.int().nullable(),
    error: inputError,
  }),
});

export const recordRidesAnswer = z.object({
  recordRides: z.object({
    outcomes: z.array(
      z.object({
        rideId: z.string(),
        status: z.enum(["RECORDED", "REFUSED", "QUARANTINED", "REJECTED", "CONFLICT"]),
        replayed: z.boolean(),
        rideKey: z.string().nullable(),
        position: z.int().nullable(),
        decision: decision.nullable(),
        error: inputError,
      }),
    ),
    receipt: z.object({ digest: z.string() }).loose().nullable(),
  }),
});

const simple = z.object({ ok: z.boolean(), error: inputError });
export const presentRideAnswer = z.object({ presentRide: simple });
export const cancelRideAnswer = z.object({ cancelRide: simple });
export const reverseRideAnswer = z.object({ reverseRide: simple });

export const terminalPackAnswer = z.object({
  terminalPack: z.object({
    municipality: z.object({ id: z.string(), verifierSealingKey: z.string(), verifierKeyId: z.string() }),
    terminalId: z.string(),
    vehicleId: z.string().nullable(),
    vehicleLabel: z.string().nullable(),
    companyId: z.string().nullable(),
    cityDocument: z.string(),
    serverTime: z.int(),
  }),
});

export const probeAnswer = z.object({ viewer: z.object({ kind: z.string() }) });

/** What is asked for, per operation. */
export const OPERATIONS = {
  openRide: `mutation OpenRide($input: OpenRideInput!) { openRide(input: $input) {
    usable refusal holdId limits { unit per amount left } usableUntil capMinor error { code message } } }`,
  recordRides: `mutation RecordRides($input: [RideInput!]!) { recordRides(input: $input) {
    outcomes { rideId status replayed rideKey position error { code message }
      decision { schemeVersion fareMinor eligibleFareMinor subsidyMinor riderPaysMinor
        riders { granted refusal uses subsidyMinor limits { unit per amount left } }
        steps { code rider amountMinor parameters { name value } refusal } } }
    receipt { municipality keyId digest signature signedAt firstPosition lastPosition } } }`,
  presentRide: `mutation PresentRide($input: PresentRideInput!) { presentRide(input: $input) {
    ok error { code message } } }`,
  cancelRide: `mutation CancelRide($input: CancelRideInput!) { cancelRide(input: $input) {
    ok error { code message } } }`,
  reverseRide: `mutation ReverseRide($input: ReverseRideInput!) { reverseRide(input: $input) {
    ok error { code message } } }`,
  terminalPack: `query TerminalPack { terminalPack {
    municipality { id verifierSealingKey verifierKeyId } terminalId vehicleId vehicleLabel companyId
    cityDocument serverTime } }`,
  probe: `query Probe { viewer { kind } }`,
} as const;
