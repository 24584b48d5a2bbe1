import { describe, expect, it } from "vitest";
import { fromHex } from "#protocol/bytes.ts";
import type { ReaderEvent } from "#terminal/devices/reader.ts";
import { createDrivingLicence } from "./faults.ts";
import { createInProcessReader, type InProcessReader } from "./in-process-reader.ts";

const SELECT = fromHex("00A4040C0AD392F000260100000001");

function started(): { reader: InProcessReader; events: ReaderEvent[]; said: () => string[] } {
  const reader = createInProcessReader();
  const events: ReaderEvent[] = [];
  reader.start((event) => events.push(event));
  return {
    reader,
    events,
    said: () => events.map((event) => `${event.kind}${"cardNumber" in event ? event.cardNumber : ""}`),
  };
}
const channelIn = (events: readonly ReaderEvent[]) => {
  const laid = events.findLast((event) => event.kind === "card-laid");
  if (laid === undefined) throw new Error("no card was laid");
  return laid.channel;
};

describe("in-process reader", () => {
  it("counts layings; a card on a card lifts the first", () => {
    const { reader, said } = started();
    const card = createDrivingLicence("a");
    reader.lay(card);
    reader.lay(card);
    reader.lift();
    reader.lift();
    expect(said()).toEqual(["ready", "card-laid1", "card-lifted1", "card-laid2", "card-lifted2"]);
  });

  it("announces a card that lay there before the start", () => {
    const reader = createInProcessReader();
    reader.lay(createDrivingLicence("a"));
    const kinds: string[] = [];
    reader.start((event) => kinds.push(event.kind));
    expect(kinds).toEqual(["ready", "card-laid"]);
  });

  it("loses the card with the reader, and comes back empty", async () => {
    const { reader, events, said } = started();
    reader.lay(createDrivingLicence("a"));
    const channel = channelIn(events);
    reader.unplug();
    reader.unplug();
    await expect(channel.exchange(SELECT)).rejects.toMatchObject({ code: "READER_GONE" });
    reader.lay(createDrivingLicence("b"));
    reader.plug();
    reader.plug();
    expect(said()).toEqual(["ready", "card-laid1", "card-lifted1", "absent", "ready"]);
  });

  it("ends the channel of a laying with it, also when the same card is laid again", async () => {
    const { reader, events } = started();
    const card = createDrivingLicence("a");
    reader.lay(card);
    const first = channelIn(events);
    reader.lay(card);
    await expect(first.exchange(SELECT)).rejects.toMatchObject({ code: "CARD_REMOVED" });
    await expect(channelIn(events).exchange(SELECT)).resolves.toEqual(fromHex("6A82"));
  });

  it("gives no answer of a card lifted in mid-command", async () => {
    const { reader, events } = started();
    reader.lay(createDrivingLicence("a"));
    const answer = channelIn(events).exchange(SELECT);
    reader.lift();
    await expect(answer).rejects.toMatchObject({ code: "CARD_REMOVED" });
  });

  it("says nothing after it was closed", async () => {
    const { reader, said } = started();
    await reader.close();
    reader.lay(createDrivingLicence("a"));
    expect(said()).toEqual(["ready"]);
  });
});
