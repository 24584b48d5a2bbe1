import { describe, expect, it } from "vitest";
import { minor } from "#domain/money/money.ts";
import { encodeMeterFrame, type MeterFrame, scanMeterFrames } from "./meter-frame.ts";
import { LOST_AFTER_MS, type MeterLink, openMeterLink, POLL_AFTER_MS, stepMeterLink } from "./meter-link.ts";
import { BCD_METER, BINARY_METER, type MeterProfile } from "./meter-profile.ts";
import type { MeterReading, MeterState } from "./meter-reading.ts";

const PROFILE = BINARY_METER;
const showing = (state: MeterState, fare: number): MeterReading => ({
  state,
  components: [{ kind: "meter", amountMinor: minor(fare) }],
  distanceM: 100,
});
const frame = (sequence: number, reading = showing("hired", 600), profile: MeterProfile = PROFILE) =>
  encodeMeterFrame(profile, { kind: "reading", sequence, reading });

/** A link with its history: what was told and what was sent. */
function line(profile: MeterProfile = PROFILE) {
  let link: MeterLink = openMeterLink(0);
  const told: string[] = [];
  const sent: MeterFrame[] = [];
  const step = (input: Parameters<typeof stepMeterLink>[2]) => {
    const result = stepMeterLink(profile, link, input);
    link = result.link;
    for (const event of result.events) {
      told.push(
        event.kind === "reading" ? `${event.reading.state} ${event.reading.components[0]?.amountMinor}` : event.kind,
      );
    }
    for (const bytes of result.send) sent.push(...scanMeterFrames(profile, bytes).frames);
  };
  return {
    told,
    sent,
    link: () => link,
    bytes: (bytes: Uint8Array, atMs = 0) => step({ kind: "bytes", bytes, atMs }),
    tick: (atMs: number) => step({ kind: "tick", atMs }),
  };
}

describe("the terminal's end of the link", () => {
  it("polls at once and is told the meter is there with its reading", () => {
    const meter = line();
    meter.tick(0);
    expect(meter.sent).toEqual([{ kind: "poll", sequence: 0 }]);
    meter.bytes(frame(7));
    expect(meter.told).toEqual(["found", "hired 600"]);
    expect(meter.sent.at(-1)).toEqual({ kind: "acknowledge", sequence: 7 });
  });

  it("tells a repeated reading once and acknowledges it again", () => {
    const meter = line();
    meter.bytes(frame(7));
    meter.bytes(frame(7));
    expect(meter.told).toEqual(["found", "hired 600"]);
    expect(meter.sent.filter((each) => each.kind === "acknowledge")).toHaveLength(2);
    expect(meter.link().repeated).toBe(1);
  });

  it("takes the same number with another content as new: the meter was switched off and on", () => {
    const meter = line();
    meter.bytes(frame(1));
    meter.bytes(frame(1, showing("paying", 900)));
    expect(meter.told).toEqual(["found", "hired 600", "paying 900"]);
  });

  it("counts what was dropped, also round the end of the circle, but not a new beginning", () => {
    const meter = line();
    meter.bytes(frame(250));
    meter.bytes(frame(251, showing("hired", 610)));
    expect(meter.link().dropped).toBe(0);
    meter.bytes(frame(2, showing("hired", 620)));
    expect(meter.link().dropped).toBe(6);
    meter.bytes(frame(0, showing("hired", 630)));
    expect(meter.link().dropped).toBe(6);
    expect(meter.told.at(-1)).toBe("hired 630");
    const decimal = line(BCD_METER);
    decimal.bytes(frame(99, showing("hired", 600), BCD_METER));
    decimal.bytes(frame(1, showing("hired", 610), BCD_METER));
    expect(decimal.link().dropped).toBe(1);
  });

  it("polls at once after damage and then knows the reading", () => {
    const meter = line();
    meter.bytes(frame(1));
    const broken = frame(2, showing("paying", 900)).map((byte, index) => (index === 6 ? byte ^ 1 : byte));
    meter.bytes(Uint8Array.of(...broken, 0, 0));
    expect(meter.sent.at(-1)).toEqual({ kind: "poll", sequence: 1 });
    meter.bytes(frame(2, showing("paying", 900)));
    expect(meter.told.at(-1)).toBe("paying 900");
    expect(meter.link().garbled).toBeGreaterThan(0);
  });

  it("puts a frame together that arrives in pieces", () => {
    const meter = line();
    const whole = frame(3);
    for (const byte of whole) meter.bytes(Uint8Array.of(byte));
    expect(meter.told).toEqual(["found", "hired 600"]);
  });

  it("drops half a frame before it polls, so that the answer is not swallowed", () => {
    const meter = line();
    meter.bytes(frame(1));
    meter.bytes(frame(2).slice(0, 10), 100);
    meter.tick(100 + POLL_AFTER_MS);
    expect(meter.link()).toMatchObject({ rest: new Uint8Array(0), garbled: 1 });
    meter.bytes(frame(2, showing("paying", 800)), 1200);
    expect(meter.told.at(-1)).toBe("paying 800");
  });

  it("polls once a second while nothing comes, and not while something does", () => {
    const meter = line();
    meter.tick(0);
    for (let at = 100; at <= 2000; at += 100) meter.tick(at);
    expect(meter.sent).toHaveLength(3);
    meter.bytes(frame(1), 2100);
    meter.tick(3000);
    expect(meter.sent.filter((each) => each.kind === "poll")).toHaveLength(3);
  });

  it("calls the meter gone once, and found with its reading when it is back", () => {
    const meter = line();
    meter.bytes(frame(1));
    meter.tick(LOST_AFTER_MS - 1);
    expect(meter.told).toEqual(["found", "hired 600"]);
    meter.tick(LOST_AFTER_MS);
    meter.tick(LOST_AFTER_MS * 2);
    expect(meter.told.slice(2)).toEqual(["lost"]);
    meter.bytes(frame(1), 10_000);
    expect(meter.told.slice(3)).toEqual(["found", "hired 600"]);
  });

  it("says that a meter which never answered is not there", () => {
    const meter = line();
    meter.tick(0);
    meter.tick(LOST_AFTER_MS);
    expect(meter.told).toEqual(["lost"]);
  });

  it("does not mind frames that are not for it", () => {
    const meter = line();
    meter.bytes(encodeMeterFrame(PROFILE, { kind: "poll", sequence: 1 }));
    expect([meter.told, meter.sent]).toEqual([[], []]);
  });
});
