import { createPublicKey, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId, type RideId, type VehicleId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import { leafHash, rootOfPath } from "#protocol/receipt/merkle.ts";
import { canonicalOutcomes, canonicalRoot, type ReceiptRide } from "#protocol/receipt/receipt.ts";
import type { RideSubmission } from "#server/rides/ride-service.ts";
import type { Database } from "#server/storage/database.ts";
import type { DatabaseSource } from "../kit/databases.ts";
import { eventAt, expectBooksBalance, lastPosition, usedBy } from "../kit/ledger-checks.ts";
import { byCredential, byEvidence, byHold, createRideDesk, type RideDesk, shown, statuses } from "../kit/ride-desk.ts";
import { sha256 } from "../kit/sha256.ts";

const DAY_MS = 86_400_000;
const rideId = (id: string): RideId => asId<RideId>(id);

/** What was shown, what is refused, rejected, kept for a person or only quoted, and the receipt; run on every database. */
export function rideJudgementSuite(source: DatabaseSource): void {
  let database: Database;
  let desk: RideDesk;
  const eventOf = (position: number | null | undefined) => eventAt(database, desk.city.id, position);
  beforeAll(async () => {
    database = await source.create();
    desk = await createRideDesk(database);
  });
  afterAll(async () => {
    await expectBooksBalance(database, desk.city.id);
    await source.close();
  });

  describe("what was shown", () => {
    it("stands when it is over the limit, and the bearer is charged the difference", async () => {
      const cab = desk.cab("cab7");
      await desk.register("k1");
      await desk.service.record(
        cab,
        [0, 1, 2].map((i) => desk.ride(`k-${i}`, [byEvidence("k1")])),
      );
      const over = desk.ride("k-over", [byEvidence("k1")], { presented: shown(desk.now(), 750, 750) });
      const { outcomes } = await desk.service.record(cab, [over]);
      expect(outcomes[0]).toMatchObject({ status: "REFUSED", decision: { subsidyMinor: 0, riderPaysMinor: 1_500 } });
      const event = await eventOf(outcomes[0]?.position);
      expect(event.body).toMatchObject({
        differenceMinor: 750,
        postings: [
          { account: "rider-payments", amountMinor: 750 },
          { account: "company-fare", amountMinor: -1_500 },
          { account: "difference-company", amountMinor: 750 },
        ],
      });
    });

    it("may come later, is only added to, and counts from what stood before", async () => {
      const cab = desk.cab("cab7");
      await desk.register("k2");
      await desk.service.record(cab, [desk.ride("k2", [byEvidence("k2")])]);
      const present = (subsidy: number, at = desk.now()) =>
        desk.service.present(cab, { rideId: rideId("k2"), presented: shown(at, subsidy, 1_500 - subsidy) });
      expect(await present(800)).toMatchObject({ ok: true, replayed: false, differenceMinor: 50 });
      expect(await present(800)).toMatchObject({ ok: true, replayed: true, differenceMinor: 50 });
      expect(await present(750, desk.now() + 1)).toMatchObject({ ok: true, replayed: false, differenceMinor: -50 });
      const wrong = await desk.service.present(cab, { rideId: rideId("k2"), presented: shown(desk.now(), 1, 2) });
      expect(wrong.error?.code).toBe("PRESENTED_MISMATCH");
      const unknown = await desk.service.present(cab, { rideId: rideId("k9"), presented: shown(desk.now(), 0, 0) });
      expect(unknown.error?.code).toBe("UNKNOWN_RIDE");
      const rows = await database.query("SELECT seq FROM presented WHERE ride_key = 'cab7:k2' ORDER BY seq");
      expect(rows).toEqual([{ seq: 1 }, { seq: 2 }]);
    });

    it("goes to quarantine when the ride cannot be taken; a person accepts or dismisses it", async () => {
      const cab = desk.cab("cab8");
      await desk.register("l1");
      await database.query("UPDATE credential SET state = 'stopped' WHERE credential_id = 'c-l1'");
      const presented = shown(desk.now(), 750, 750);
      const bad: RideSubmission[] = [
        desk.ride("l-stopped", [byEvidence("l1")], { presented }),
        desk.ride("l-1970", [byEvidence("l1")], { presented, boardedAtMs: 5, alightedAtMs: 10 }),
        desk.ride("l-future", [byEvidence("l1")], { presented, alightedAtMs: desk.now() + DAY_MS }),
        desk.ride("l-negative", [byEvidence("l1")], {
          presented,
          components: [{ kind: "meter", amountMinor: minor(-1) }],
        }),
        desk.ride("l-mismatch", [byEvidence("l1")], { presented: shown(desk.now(), 700, 750) }),
        desk.ride("l-hold", [byHold("never-was")], { presented }),
        desk.ride("l-unreadable", [{ reference: { kind: "evidence", sealed: new Uint8Array([1]) }, usesChosen: 1 }], {
          presented,
        }),
        desk.ride("bad id !", [byEvidence("l1")], { presented }),
        desk.ride("l-vehicle", [byEvidence("l1")], { presented, vehicleId: asId("v-cab1") }),
      ];
      const { outcomes } = await desk.service.record(cab, bad);
      expect(new Set(statuses(outcomes))).toEqual(new Set(["QUARANTINED"]));
      const again = await desk.service.record(cab, bad);
      expect(again.outcomes.every((outcome, i) => outcome.replayed && outcome.position === outcomes[i]?.position)).toBe(
        true,
      );
      const unpresented = await desk.service.record(
        cab,
        bad.slice(1).map((ride) => ({ ...ride, rideId: asId<RideId>(`${ride.rideId}x`), presented: null })),
      );
      // Without what was shown a bad sum is no longer wrong: that ride is recorded, refused for its stopped card.
      expect(statuses(unpresented.outcomes)).toEqual(
        bad.slice(1).map((ride) => (ride.rideId === "l-mismatch" ? "REFUSED" : "REJECTED")),
      );
      for (const [index, outcome] of outcomes.entries()) {
        const resolve = {
          municipality: desk.city.id,
          rideKey: outcome.rideKey ?? "",
          accept: index % 2 === 0,
          reason: "looked",
        };
        await expect(desk.service.resolveQuarantine(cab, resolve)).rejects.toMatchObject({ code: "FORBIDDEN" });
        const resolved = await desk.service.resolveQuarantine(desk.officer, resolve);
        expect(resolved).toMatchObject({ ok: true, error: null });
        expect((await desk.service.resolveQuarantine(desk.officer, resolve)).ok).toBe(true);
        const opposite = await desk.service.resolveQuarantine(desk.officer, { ...resolve, accept: !resolve.accept });
        expect(opposite).toMatchObject({ ok: false, error: { code: "ALREADY_RECORDED" } });
      }
      const settled = await desk.service.record(cab, bad);
      expect(statuses(settled.outcomes)).toEqual(bad.map((_, i) => (i % 2 === 0 ? "RECORDED" : "REFUSED")));
      const accepted = await eventOf(settled.outcomes[0]?.position);
      expect(accepted.body).toMatchObject({
        decision: { subsidyMinor: 0 },
        differenceMinor: 750,
        marks: ["from-quarantine"],
      });
    });
  });

  describe("what is refused, rejected or turned away", () => {
    it("by the scheme is recorded at full fare with its code", async () => {
      const cab = desk.cab("cab9");
      const stranger = await desk.service.open(cab, desk.touch("m-ride", "nobody"));
      expect(stranger).toMatchObject({ usable: false, refusal: "NOT_REGISTERED", holdId: null });
      const foreign = await desk.service.open(cab, desk.touch("m-ride", "foreign-card"));
      expect(foreign.refusal).toBe("NOT_REGISTERED");
      const { outcomes } = await desk.service.record(cab, [desk.ride("m-ride", [byEvidence("nobody")])]);
      expect(outcomes[0]).toMatchObject({ status: "REFUSED", decision: { subsidyMinor: 0, riderPaysMinor: 1_500 } });
      expect((await eventOf(outcomes[0]?.position)).body).toMatchObject({
        postings: [
          { account: "rider-payments", amountMinor: 1_500 },
          { account: "company-fare", amountMinor: -1_500 },
        ],
      });
    });

    it("as malformed writes nothing, and spares the others of the call", async () => {
      await desk.register("n1");
      const before = await lastPosition(database);
      const { outcomes } = await desk.service.record(desk.cab("cab9"), [
        desk.ride("n-bad", [byEvidence("n1")], { components: [] }),
        desk.ride("n-good", [byEvidence("n1")]),
        desk.ride("n-card", [byCredential("n1")]),
      ]);
      expect(statuses(outcomes)).toEqual(["REJECTED", "RECORDED", "REJECTED"]);
      expect(outcomes[2]?.error).toMatchObject({ code: "RIDER_REFERENCE", path: "riders.0.credentialId" });
      expect(await lastPosition(database)).toBe(before + 1);
      const empty = await desk.service.record(desk.cab("cab9"), []);
      expect(empty).toMatchObject({ outcomes: [], receipt: null, error: { code: "EMPTY_BATCH" } });
      const many = Array.from({ length: 501 }, (_, i) => desk.ride(`n-${i}`, [byEvidence("n1")]));
      expect((await desk.service.record(desk.cab("cab9"), many)).error?.code).toBe("BATCH_TOO_LARGE");
    });

    it("by right: staff and strangers record nothing", async () => {
      const ride = desk.ride("o-ride", [byEvidence("n1")]);
      await expect(desk.service.record({ kind: "anonymous" }, [ride])).rejects.toMatchObject({
        code: "UNAUTHENTICATED",
      });
      await expect(desk.service.record(desk.officer, [ride])).rejects.toMatchObject({ code: "FORBIDDEN" });
      const elsewhere = { ...desk.cab("cab1"), municipality: asId<typeof desk.city.id>("elsewhere") };
      await expect(desk.service.record(elsewhere, [ride])).rejects.toMatchObject({ code: "UNKNOWN_MUNICIPALITY" });
    });
  });

  it("quotes without recording", async () => {
    await desk.register("p1");
    const before = await lastPosition(database);
    const quote = await desk.service.quote(desk.cab("cab9"), desk.ride("p-ride", [byEvidence("p1")]));
    expect(quote).toMatchObject({ decision: { subsidyMinor: 750 }, error: null });
    const bad = await desk.service.quote(desk.cab("cab9"), desk.ride("p-ride", []));
    expect(bad.error?.code).toBe("NO_RIDERS");
    expect(await lastPosition(database)).toBe(before);
    expect(await usedBy(database, "e-p1")).toEqual({ uses: 0, held: 0 });
  });

  it("signs a receipt that anybody can check", async () => {
    const cab = desk.cab("cab5");
    await desk.register("r1");
    await desk.register("r2");
    const [one] = await Promise.all([
      desk.service.record(cab, [desk.ride("r-0", [byEvidence("r1")]), desk.ride("r-1", [byEvidence("r1")])]),
      desk.service.record(desk.cab("cab6"), [desk.ride("r-2", [byEvidence("r2")])]),
    ]);
    const { receipt } = one;
    if (!receipt) throw new Error("no receipt");
    const rides = one.outcomes.map(
      (outcome): ReceiptRide => ({
        rideId: outcome.rideId,
        status: outcome.status as ReceiptRide["status"],
        rideKey: outcome.rideKey ?? "",
        position: outcome.position ?? 0,
        fareMinor: outcome.decision?.fareMinor ?? null,
        subsidyMinor: outcome.decision?.subsidyMinor ?? null,
        riderPaysMinor: outcome.decision?.riderPaysMinor ?? null,
      }),
    );
    const leaf = leafHash(Buffer.from(canonicalOutcomes(desk.city.id, cab.terminalId, rides)), sha256);
    expect(Buffer.from(leaf)).toEqual(Buffer.from(receipt.digest));
    const root = rootOfPath({ leaf, ...receipt }, sha256);
    const rootHex = Buffer.from(root ?? []).toString("hex");
    const text = canonicalRoot({ ...receipt, rootHex });
    const key = createPublicKey(desk.receiptKey.export({ format: "pem", type: "spki" }));
    expect(verify(null, Buffer.from(text), key, receipt.signature)).toBe(true);
    expect(verify(null, Buffer.from(canonicalRoot({ ...receipt, rootHex, treeSize: 9 })), key, receipt.signature)).toBe(
      false,
    );
  });

  it("keeps a shown ride whose amounts cannot be added, or whose vehicle is no id, and a person can decide", async () => {
    const most = minor(Number.MAX_SAFE_INTEGER);
    const presented = shown(desk.now(), 750, 750);
    const endless = desk.ride("n-sum", [byEvidence("nobody")], { presented });
    const components = (["meter", "extra"] as const).map((kind) => ({ kind, amountMinor: most }));
    const far = {
      ...desk.ride("n-far", [byEvidence("nobody")], { presented }),
      vehicleId: asId<VehicleId>("v".repeat(300_000)),
    };
    const { outcomes } = await desk.service.record(desk.cab("cab1"), [{ ...endless, components }, far]);
    expect(statuses(outcomes)).toEqual(["QUARANTINED", "QUARANTINED"]);
    const { id: municipality } = desk.city;
    for (const { rideKey } of outcomes) {
      const decision = { municipality, rideKey: rideKey ?? "", accept: true, reason: "asked" };
      expect(await desk.service.resolveQuarantine(desk.officer, decision)).toMatchObject({ ok: true });
    }
  });
}
