import { describe, expect, it } from "vitest";
import { asId, type MunicipalityId } from "#domain/ids.ts";
import { err, ok } from "#domain/result.ts";
import { createReloadingVerifier } from "./reloading-verifier.ts";
import type { Verifier } from "./verifier-port.ts";

const city = asId<MunicipalityId>("here");
const card = { token: new Uint8Array(32), keyVersion: 1, validUntilMs: 1 };

function world() {
  const state = { trusted: false, nowMs: 0, made: 0 };
  const make = (): Verifier => {
    state.made += 1;
    const { trusted } = state;
    const refusal = err({ code: "UNTRUSTED_AUTHORITY", message: "issued by no trusted authority" } as const);
    return {
      sealingKey: { keyId: "k", publicKeySpki: new Uint8Array() },
      open: async () => (trusted ? ok({ ...card, assurance: "identified", readAtMs: 1, card: "good" }) : refusal),
      tokenOf: () => (trusted ? ok(card) : refusal),
    };
  };
  return { state, verifier: createReloadingVerifier(make, () => state.nowMs) };
}

describe("a verifier whose authorities change", () => {
  it("reads them again when a card comes from an unknown one", async () => {
    const { state, verifier } = world();
    state.trusted = true;
    state.nowMs = 1_000;
    expect(verifier.tokenOf(city, new Uint8Array()).ok).toBe(true);
    expect((await verifier.open(city, new Uint8Array(), 0)).ok).toBe(true);
    expect(state.made).toBe(2);
  });
  it("reads them at most once a second, however many foreign cards come", async () => {
    const { state, verifier } = world();
    for (let card = 0; card < 50; card++) {
      state.nowMs = 1_000 + card;
      expect((await verifier.open(city, new Uint8Array(), 0)).ok).toBe(false);
    }
    expect(state.made).toBe(2);
  });
});
