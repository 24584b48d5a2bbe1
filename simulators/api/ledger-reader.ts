import { openStaffClient, type StaffOptions } from "./staff-client.ts";

/** Reads the ledger as the city's auditor. */
export interface LedgerReader {
  /** True when the ledger holds a ride of this key. */
  hasRide(rideKey: string): Promise<boolean>;
}

const RIDE =
  "query($municipality: ID!, $rideKey: ID!) { ride(municipality: $municipality, rideKey: $rideKey) { rideKey } }";

/**
 * Signs in as auditor.
 * @throws ApiError
 */
export async function openLedgerReader(options: StaffOptions): Promise<LedgerReader> {
  const { municipality } = options;
  const client = await openStaffClient(options, "AUDITOR");
  return {
    async hasRide(rideKey) {
      return (await client.request<{ ride: object | null }>(RIDE, { municipality, rideKey })).ride !== null;
    },
  };
}
