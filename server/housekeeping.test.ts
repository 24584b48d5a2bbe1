import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { asId, type MunicipalityId } from "#domain/ids.ts";
import { type Housekeeping, startHousekeeping } from "./housekeeping.ts";

const cities = ["one", "two", "three"].map((id) => asId<MunicipalityId>(id));
let tidied: string[];
let warned: object[];
let housekeeping: Housekeeping | undefined;
beforeEach(() => {
  vi.useFakeTimers();
  tidied = [];
  warned = [];
});
afterEach(async () => {
  await housekeeping?.stop();
  vi.useRealTimers();
});

function start(expire: (municipality: string) => Promise<void> = async () => undefined): Housekeeping {
  housekeeping = startHousekeeping({
    municipalities: cities,
    everyMs: 1_000,
    expireHolds: async (municipality) => {
      tidied.push(municipality);
      await expire(municipality);
    },
    forgetSessions: async () => void tidied.push("sessions"),
    log: { warn: (fields) => void warned.push(fields) },
  });
  return housekeeping;
}

describe("housekeeping", () => {
  it("goes round every city and the sessions, again and again", async () => {
    start();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(tidied).toEqual(["one", "two", "three", "sessions", "one", "two", "three", "sessions"]);
  });
  it("is not kept from the other cities by one that fails, and tries that one again", async () => {
    start(async (municipality) => {
      if (municipality === "one") throw new Error("broken");
    });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(tidied.slice(4)).toEqual(["one", "two", "three", "sessions"]);
    expect(warned).toMatchObject([{ municipality: "one" }, { municipality: "one" }]);
  });
  it("never runs twice at once, and ends only when the run under way has ended", async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const running = start(async (municipality) => (municipality === "one" ? released : undefined));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tidied).toEqual(["one"]);
    let hasEnded = false;
    const ending = running.stop().then(() => {
      hasEnded = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(hasEnded).toBe(false);
    release();
    await ending;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tidied).toEqual(["one"]);
  });
});
