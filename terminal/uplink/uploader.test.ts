import { afterEach, describe, expect, it } from "vitest";
import { SessionStory } from "#tests/kit/session-kit.ts";
import { Journal } from "../journal/journal.ts";
import type { RecordAnswer } from "../session/events.ts";
import type { Ride } from "../session/state.ts";
import type { RecordedBatch, Reversal, SimpleAnswer, Uplink } from "./uplink.ts";
import { UplinkError } from "./uplink-error.ts";
import { createUploader, type Uploader } from "./uploader.ts";

function rideOf(rideId: string): Ride {
  const story = new SessionStory().board().lift().meter("hired", 500).meter("paying", 1070).recorded();
  const [effect] = story.done("confirm");
  if (!effect) throw new Error("no ride was confirmed");
  return { ...effect.ride, rideId, status: null };
}

/** A server that does as it is told, answer by answer. */
class ScriptedUplink implements Uplink {
  readonly skewMs = 0;
  readonly calls: string[] = [];
  readonly reversals: Reversal[] = [];
  /** Thrown, one a call, before anything is answered. */
  readonly failures: UplinkError[] = [];
  outcome: (ride: Ride) => Partial<RecordAnswer> = () => ({});
  refusesBatchesWith: string | null = null;

  #begin(call: string): void {
    this.calls.push(call);
    const failure = this.failures.shift();
    if (failure) throw failure;
  }
  async recordRides(requests: Parameters<Uplink["recordRides"]>[0]): Promise<RecordedBatch> {
    const ids = requests.map(({ ride }) => ride.rideId);
    this.#begin(`record ${ids.join(" ")}`);
    if (this.refusesBatchesWith && ids.includes(this.refusesBatchesWith)) throw new UplinkError("BAD_REQUEST", "");
    const outcomes = requests.map(({ ride }) => ({
      rideId: ride.rideId,
      status: "RECORDED" as const,
      replayed: false,
      rideKey: "k",
      position: 1,
      decision: null,
      riderLimits: [],
      errorCode: null,
      ...this.outcome(ride),
    }));
    return { outcomes, receipt: { digest: ids.join(), body: {} } };
  }
  async #simple(call: string): Promise<SimpleAnswer> {
    this.#begin(call);
    return { ok: true, errorCode: null };
  }
  presentRide = (ride: Ride) => this.#simple(`present ${ride.rideId}`);
  cancelRide = (rideId: string) => this.#simple(`cancel ${rideId}`);
  reverseRide = (reversal: Reversal) => {
    this.reversals.push(reversal);
    return this.#simple(`reverse ${reversal.rideId}`);
  };
  async probe(): Promise<void> {
    this.#begin("probe");
  }
  openRide(): never {
    throw new Error("the uploader lays no cards");
  }
  terminalPack(): never {
    throw new Error("the uploader needs no pack");
  }
}

let uploader: Uploader;
let states: { online: boolean; stopped: boolean; waiting: number }[];
function start(journal: Journal, uplink: Uplink): Uploader {
  states = [];
  uploader = createUploader({
    journal,
    uplink,
    clock: () => 1_000,
    jitter: () => 0,
    onState: (state) => states.push(state),
    onFault: (error) => {
      throw error;
    },
  });
  uploader.start();
  return uploader;
}
afterEach(() => uploader.stop());

describe("the uploader", () => {
  it("sends in order, rides together", async () => {
    const journal = new Journal(":memory:");
    for (const id of ["a", "b"]) journal.confirm(rideOf(id), 1);
    journal.reverse(rideOf("b"), "UNDONE", 2);
    journal.confirm(rideOf("c"), 3);
    const uplink = new ScriptedUplink();
    expect(await start(journal, uplink).drained(2_000)).toBe(true);
    expect(uplink.calls.slice(0, 3)).toEqual(["record a b", "reverse b", "record c"]);
    expect(journal.counts()).toMatchObject({ confirmed: 3, answered: 3, waiting: 0, outbox: 0 });
  });

  it("tries again what may or may not have been taken", async () => {
    const journal = new Journal(":memory:");
    journal.confirm(rideOf("a"), 1);
    const uplink = new ScriptedUplink();
    uplink.failures.push(new UplinkError("TIMEOUT", ""), new UplinkError("UNREACHABLE", ""));
    start(journal, uplink);
    expect(await uploader.drained(5_000)).toBe(true);
    expect(uplink.calls.slice(0, 3)).toEqual(["record a", "record a", "record a"]);
    expect(states.map(({ online }) => online)).toContain(false);
    expect(states.at(-1)).toEqual({ online: true, stopped: false, waiting: 0 });
  });

  it("tells what was shown once more when the ride was there already", async () => {
    const journal = new Journal(":memory:");
    journal.confirm(rideOf("a"), 1);
    const uplink = new ScriptedUplink();
    uplink.outcome = () => ({ replayed: true });
    expect(await start(journal, uplink).drained(2_000)).toBe(true);
    expect(uplink.calls.slice(0, 2)).toEqual(["record a", "present a"]);
  });

  it("lets one ride that is refused stand alone and keeps it for a person", async () => {
    const journal = new Journal(":memory:");
    for (const id of ["a", "bad", "c"]) journal.confirm(rideOf(id), 1);
    const uplink = new ScriptedUplink();
    uplink.refusesBatchesWith = "bad";
    expect(await start(journal, uplink).drained(2_000)).toBe(true);
    expect(uplink.calls.slice(0, 4)).toEqual(["record a bad c", "record a", "record bad", "record c"]);
    expect(journal.counts()).toMatchObject({ confirmed: 3, answered: 2, waiting: 1, parked: 1 });
  });

  it("keeps a rejected ride", async () => {
    const journal = new Journal(":memory:");
    journal.confirm(rideOf("a"), 1);
    const uplink = new ScriptedUplink();
    uplink.outcome = () => ({ status: "REJECTED", errorCode: "BAD_ID" });
    expect(await start(journal, uplink).drained(2_000)).toBe(true);
    expect(journal.counts()).toMatchObject({ parked: 1, waiting: 1 });
  });

  it("says when the server does not know the terminal, and waits with the rides", async () => {
    const journal = new Journal(":memory:");
    journal.confirm(rideOf("a"), 1);
    const uplink = new ScriptedUplink();
    uplink.failures.push(new UplinkError("UNAUTHENTICATED", ""));
    start(journal, uplink);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(states.at(-1)).toEqual({ online: true, stopped: true, waiting: 1 });
    expect(await uploader.drained(2_000)).toBe(true);
    expect(states.at(-1)).toEqual({ online: true, stopped: false, waiting: 0 });
  });

  it("has done with a ride that waits for a person, whose id another ride has, and takes back none but that one", async () => {
    const journal = new Journal(":memory:");
    journal.confirm(rideOf("a"), 1);
    const uplink = new ScriptedUplink();
    uplink.outcome = () => ({ status: "QUARANTINED", replayed: true, rideKey: "cab:a~1" });
    expect(await start(journal, uplink).drained(2_000)).toBe(true);
    expect(uplink.calls.filter((call) => call.startsWith("present"))).toEqual([]);
    expect(journal.counts()).toMatchObject({ answered: 1, waiting: 0, parked: 0, outbox: 0 });
    journal.reverse(rideOf("a"), "UNDONE", 77);
    expect(await uploader.drained(2_000)).toBe(true);
    expect(uplink.reversals).toEqual([{ rideId: "a", rideKey: "cab:a~1", reason: "UNDONE", undoneAtMs: 77 }]);
  });

  it("of a stopped terminal sends the rides alone, and the rest once it is free again", async () => {
    const journal = new Journal(":memory:");
    journal.confirm({ ...rideOf("a"), status: "RECORDED" }, 1);
    journal.confirm(rideOf("b"), 2);
    const uplink = new ScriptedUplink();
    uplink.outcome = () => ({ status: "QUARANTINED" });
    uplink.failures.push(new UplinkError("FORBIDDEN", ""));
    start(journal, uplink);
    await expect.poll(() => states.at(-1)).toEqual({ online: true, stopped: true, waiting: 1 });
    uploader.wake();
    await expect.poll(() => uplink.calls.at(2)).toBe("probe");
    expect(uplink.calls.slice(0, 2)).toEqual(["present a", "record b"]);
    expect(await uploader.drained(2_000)).toBe(true);
    expect(uplink.calls).toContain("present a");
    expect(states.at(-1)).toEqual({ online: true, stopped: false, waiting: 0 });
  });

  it("stays stopped without signal and after a restart", async () => {
    const journal = new Journal(":memory:");
    const uplink = new ScriptedUplink();
    uplink.failures.push(new UplinkError("FORBIDDEN", ""), new UplinkError("UNREACHABLE", ""));
    start(journal, uplink);
    await expect.poll(() => states.at(-1)?.stopped).toBe(true);
    uploader.wake();
    await expect.poll(() => states.at(-1)).toMatchObject({ online: false, stopped: true });
    await uploader.stop();
    const later = new ScriptedUplink();
    later.failures.push(new UplinkError("UNREACHABLE", ""));
    start(journal, later);
    expect(states).toEqual([{ online: false, stopped: true, waiting: 0 }]);
    uploader.wake();
    await expect.poll(() => later.calls.length).toBeGreaterThan(0);
    uploader.wake();
    await expect.poll(() => states.at(-1)).toMatchObject({ online: true, stopped: false });
  });

  it.each(["alsoPresent", "keepReceipt"] as const)("sends again what a power cut left undone at %s", async (word) => {
    const journal = new Journal(":memory:");
    journal.confirm(rideOf("a"), 1);
    const uplink = new ScriptedUplink();
    uplink.outcome = () => ({ replayed: true });
    journal[word] = () => {
      throw new Error("power cut");
    };
    const faults: unknown[] = [];
    const onFault = (error: unknown) => faults.push(error);
    uploader = createUploader({ journal, uplink, clock: () => 1_000, jitter: () => 0, onState: () => {}, onFault });
    uploader.start();
    await expect.poll(() => faults.length).toBe(1);
    expect(journal.outbox(5).map(({ kind }) => kind)).toContain("record");
    expect(journal.counts()).toMatchObject({ confirmed: 1, answered: 0 });
  });
});
