import { describe, expect, it } from "vitest";
import { asId } from "#domain/ids.ts";
import type { CancelOperation } from "./batch/operation.ts";
import { type Job, Lane } from "./lane.ts";
import type { RideServiceOptions } from "./ride-service-deps.ts";

const OPTIONS: RideServiceOptions = { gatherMs: 1, maxBatch: 3, maxQueued: 8, maxInFlight: 2, retryAfterS: 2 };

function cancel(id: string, terminalId = `cab-${id}`): CancelOperation {
  return {
    kind: "cancel",
    rideKey: `${terminalId}:${id}`,
    rideId: asId(id),
    tag: "ABC",
    terminalId: asId(terminalId),
    cab: null,
    reason: "test",
  };
}

/** A lane whose batches end when told to. */
function stage(options: Partial<RideServiceOptions> = {}) {
  const batches: { readonly ids: string; finish(): void }[] = [];
  const lane = new Lane({ ...OPTIONS, ...options }, (jobs: readonly Job[]) => {
    const ids = jobs.map(({ operation }) => (operation.kind === "cancel" ? operation.rideId : operation.kind)).join("");
    return new Promise<void>((resolve) => {
      const finish = (): void => {
        for (const job of jobs) {
          job.resolve({ rideId: asId(ids), ok: true, replayed: false, releasedHolds: 0, error: null });
        }
        resolve();
      };
      batches.push({ ids, finish });
    });
  });
  const submit = (ids: string, terminalId?: string) =>
    lane.submit<"cancel">([...ids].map((id) => cancel(id, terminalId)));
  return { lane, batches, submit, seen: () => batches.map((batch) => batch.ids) };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe("Lane", () => {
  it("gathers what comes together, and starts at once when a batch is full", async () => {
    const { submit, seen } = stage();
    submit("a");
    submit("b");
    expect(seen()).toEqual([]);
    await settle();
    expect(seen()).toEqual(["ab"]);
    submit("cdefg");
    expect(seen()).toEqual(["ab", "cde"]);
  });

  it("has no more batches under way than allowed", async () => {
    const { submit, seen, batches } = stage();
    submit("abcdefg");
    await settle();
    expect(seen()).toEqual(["abc", "def"]);
    batches[1]?.finish();
    await settle();
    expect(seen()).toEqual(["abc", "def", "g"]);
  });

  it("never has two operations of one ride under way, and keeps their order", async () => {
    const { submit, seen, batches } = stage();
    const answers = submit("aab");
    await settle();
    expect(seen()).toEqual(["ab"]);
    submit("a");
    await settle();
    expect(seen()).toEqual(["ab"]);
    batches[0]?.finish();
    expect((await answers[0])?.ok).toBe(true);
    await settle();
    expect(seen()).toEqual(["ab", "a"]);
    batches[1]?.finish();
    await settle();
    expect(seen()).toEqual(["ab", "a", "a"]);
  });

  it("keeps the order of what one terminal sends, also with several batches under way", async () => {
    const { submit, seen, batches } = stage();
    submit("abcd", "one");
    submit("e", "other");
    await settle();
    expect(seen()).toEqual(["abc", "e"]);
    submit("f", "one");
    batches[1]?.finish();
    await settle();
    expect(seen()).toEqual(["abc", "e"]);
    batches[0]?.finish();
    await settle();
    expect(seen()).toEqual(["abc", "e", "df"]);
  });

  it("lets nothing of a terminal overtake what waits for a ride under way", async () => {
    const { submit, seen, batches } = stage();
    submit("a", "one");
    await settle();
    submit("ab", "one");
    await settle();
    expect(seen()).toEqual(["a"]);
    batches[0]?.finish();
    await settle();
    expect(seen()).toEqual(["a", "ab"]);
  });

  it("takes all operations of a call or none, and says when to come back", async () => {
    const { submit, seen } = stage({ maxInFlight: 1 });
    submit("abc");
    submit("defghij");
    expect(() => submit("kl")).toThrow(expect.objectContaining({ code: "OVERLOADED", retryAfterS: 2 }));
    submit("k");
    await settle();
    expect(seen()).toEqual(["abc"]);
  });

  it("drains: answers what is queued, takes nothing more", async () => {
    const { lane, submit, batches, seen } = stage();
    const answers = submit("ab");
    let isDrained = false;
    const drained = lane.drain().then(() => {
      isDrained = true;
    });
    expect(() => submit("c")).toThrow(expect.objectContaining({ code: "OVERLOADED" }));
    await settle();
    expect(seen()).toEqual(["ab"]);
    expect(isDrained).toBe(false);
    batches[0]?.finish();
    await Promise.all([drained, ...answers]);
    await lane.drain();
  });
});
