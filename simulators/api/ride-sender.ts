import type {
  CancelRideResult,
  OpenRideInput,
  OpenRideResult,
  RecordRidesResult,
  RideInput,
} from "../generated/graphql.ts";
import type { GraphqlClient } from "./graphql-client.ts";

/** The part of an outcome the simulators look at. */
export interface SentOutcome {
  readonly rideId: string;
  readonly status: RecordRidesResult["outcomes"][number]["status"];
  readonly replayed: boolean;
  readonly rideKey: string | null;
  readonly decision: {
    readonly fareMinor: number;
    readonly subsidyMinor: number;
    readonly riders: readonly { readonly granted: boolean; readonly refusal: string | null }[];
  } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

const RECORD = `mutation($input: [RideInput!]!) { recordRides(input: $input) { outcomes {
  rideId status replayed rideKey error { code message }
  decision { fareMinor subsidyMinor riders { granted refusal } } } } }`;

const OPEN = `mutation($input: OpenRideInput!) { openRide(input: $input) {
  touchId usable refusal holdId error { code message } } }`;

const CANCEL = `mutation($input: CancelRideInput!) { cancelRide(input: $input) { rideId ok releasedHolds error { code } } }`;

/** Sends 1 to 500 rides; one outcome each, in order. */
export async function recordRides(client: GraphqlClient, rides: readonly RideInput[]): Promise<readonly SentOutcome[]> {
  const data = await client.request<{ recordRides: { outcomes: readonly SentOutcome[] } }>(RECORD, { input: rides });
  return data.recordRides.outcomes;
}

/** As {@link recordRides}, and says when what is sent next is certain to be decided after these rides. */
export function recordRidesInTurn(
  client: GraphqlClient,
  rides: readonly RideInput[],
): { readonly taken: Promise<void>; readonly outcomes: Promise<readonly SentOutcome[]> } {
  const { taken, answer } = client.requestInTurn<{ recordRides: { outcomes: readonly SentOutcome[] } }>(RECORD, {
    input: rides,
  });
  return { taken, outcomes: answer.then((data) => data.recordRides.outcomes) };
}

/** Lays a card: usable or not, and a hold. */
export async function openRide(
  client: GraphqlClient,
  input: OpenRideInput,
): Promise<Pick<OpenRideResult, "touchId" | "usable" | "refusal" | "holdId" | "error">> {
  return (await client.request<{ openRide: OpenRideResult }>(OPEN, { input })).openRide;
}

/** Ends an opened ride before payment. */
export async function cancelRide(client: GraphqlClient, rideId: string): Promise<boolean> {
  const input = { rideId, reason: "PASSENGER" };
  return (await client.request<{ cancelRide: CancelRideResult }>(CANCEL, { input })).cancelRide.ok;
}
