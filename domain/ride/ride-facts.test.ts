import { describe, expect, it } from "vitest";
import { fare } from "#tests/kit/decision-kit.ts";
import type { CredentialId, HoldId, RideId, VehicleId } from "../ids.ts";
import { canonicalFacts, type RideFacts } from "./ride-facts.ts";

const FACTS: RideFacts = {
  rideId: "r-1" as RideId,
  vehicleId: "v-7" as VehicleId,
  boardedAtMs: 1_000,
  alightedAtMs: 2_000,
  distanceM: 3_400,
  components: fare({ meter: 1070 }),
  riders: [
    { kind: "hold", holdId: "h" as HoldId, usesChosen: 1 },
    { kind: "evidence", evidenceSha256Hex: "ab", usesChosen: 2 },
    { kind: "credential", credentialId: "c" as CredentialId, usesChosen: 1 },
  ],
  placesCommitmentHex: "cd",
};

describe("the canonical text of a ride", () => {
  it("is fixed, so that its hash can be compared for years", () => {
    expect(canonicalFacts(FACTS)).toBe(
      '["notte.ride.v1","r-1","v-7",1000,2000,3400,[["meter",1070]],[["hold","h",1],["evidence","ab",2],["credential","c",1]],"cd"]',
    );
  });

  it.each<[string, Partial<RideFacts>]>([
    ["ride", { rideId: "r-2" as RideId }],
    ["vehicle", { vehicleId: "v-8" as VehicleId }],
    ["boarding", { boardedAtMs: 1_001 }],
    ["alighting", { alightedAtMs: 2_001 }],
    ["distance", { distanceM: null }],
    ["amount", { components: fare({ meter: 1080 }) }],
    ["kind of amount", { components: fare({ extra: 1070 }) }],
    ["riders", { riders: FACTS.riders.slice(0, 2) }],
    ["uses", { riders: [{ kind: "hold", holdId: "h" as HoldId, usesChosen: 2 }, ...FACTS.riders.slice(1)] }],
    ["places", { placesCommitmentHex: "ce" }],
  ])("changes with the %s", (_, change) => {
    expect(canonicalFacts({ ...FACTS, ...change })).not.toBe(canonicalFacts(FACTS));
  });
});
