import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantError } from "#domain/assert.ts";
import { minor } from "#domain/money/money.ts";
import { COMPONENT_KINDS, type ComponentKind } from "#domain/scheme/scheme.ts";
import { encodeMeterFrame, type MeterFrame, scanMeterFrames } from "./meter-frame.ts";
import { BCD_METER, BINARY_METER, METER_PROFILES, type MeterProfile } from "./meter-profile.ts";
import type { MeterReading, MeterState } from "./meter-reading.ts";

const page = readFileSync("docs/protocols/taximeter.md", "utf8");
const bytes = (hex: string) => Uint8Array.from(hex.split(" "), (byte) => Number.parseInt(byte, 16));
const hex = (data: Uint8Array) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

function reading(
  state: MeterState,
  amounts: Partial<Record<ComponentKind, number>> = {},
  distanceM: number | null = null,
): MeterReading {
  const components = COMPONENT_KINDS.flatMap((kind) => {
    const amount = amounts[kind];
    return amount === undefined ? [] : [{ kind, amountMinor: minor(amount) }];
  });
  return { state, components, distanceM };
}

const VECTORS: readonly (readonly [MeterProfile, MeterFrame, string])[] = [
  [
    BCD_METER,
    { kind: "reading", sequence: 42, reading: reading("paying", { meter: 1070 }, 3430) },
    "02 16 41 42 34 00 00 01 07 00 00 00 00 00 00 00 00 00 00 00 00 00 03 43 67",
  ],
  [
    BCD_METER,
    { kind: "reading", sequence: 0, reading: reading("vacant") },
    "02 16 41 00 30 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ff ff ff 98",
  ],
  [
    BCD_METER,
    {
      kind: "reading",
      sequence: 99,
      reading: reading("premium", { meter: 1190, pickup: 300, "company-discount": 120 }, 3990),
    },
    "02 16 41 99 33 00 00 01 19 00 00 30 00 00 00 00 00 00 00 00 12 00 03 99 5d",
  ],
  [BCD_METER, { kind: "acknowledge", sequence: 42 }, "02 02 06 42 46"],
  [BCD_METER, { kind: "poll", sequence: 7 }, "02 02 05 07 00"],
  [
    BINARY_METER,
    { kind: "reading", sequence: 200, reading: reading("paying", { meter: 1070 }, 3430) },
    "a5 1b 01 c8 04 66 0d 00 00 2e 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 36 7f",
  ],
  [
    BINARY_METER,
    { kind: "reading", sequence: 0, reading: reading("vacant") },
    "a5 1b 01 00 00 ff ff ff ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 f8 f9",
  ],
  [
    BINARY_METER,
    { kind: "reading", sequence: 255, reading: reading("hired", { meter: 1225, toll: 150, extra: 5 }, 12_345) },
    "a5 1b 01 ff 02 39 30 00 00 c9 04 00 00 00 00 00 00 96 00 00 00 05 00 00 00 00 00 00 00 f4 ac",
  ],
  [BINARY_METER, { kind: "acknowledge", sequence: 200 }, "a5 02 03 c8 eb af"],
  [BINARY_METER, { kind: "poll", sequence: 0 }, "a5 02 02 00 9e c4"],
];

describe("frames", () => {
  it.each(VECTORS)("are the documented bytes in both directions (%#)", (profile, frame, vector) => {
    expect(page).toContain(`\`${vector}\``);
    expect(hex(encodeMeterFrame(profile, frame))).toBe(vector);
    expect(scanMeterFrames(profile, bytes(vector))).toEqual({ frames: [frame], rest: new Uint8Array(0), garbled: 0 });
  });

  it("come out as they went in, whatever the reading", () => {
    for (const profile of METER_PROFILES) {
      const amount = (max: number) => fc.integer({ min: 1, max }).map((steps) => steps * profile.amountStepMinor);
      const arbitrary = fc.record({
        state: fc.constantFrom("hired", "premium", "paying"),
        meter: amount(9_999_999),
        pickup: fc.option(amount(99_999), { nil: undefined }),
        discount: fc.option(amount(99_999), { nil: undefined }),
        distanceM: fc.option(fc.integer({ min: 0, max: 99_999 }).map((steps) => steps * profile.distanceStepM)),
        sequence: fc.integer({ min: 0, max: profile.sequences - 1 }),
      });
      fc.assert(
        fc.property(arbitrary, ({ state, meter, pickup, discount, distanceM, sequence }) => {
          const amounts = { meter, ...(pickup && { pickup }), ...(discount && { "company-discount": discount }) };
          const frame = {
            kind: "reading",
            sequence,
            reading: reading(state as MeterState, amounts, distanceM),
          } as const;
          expect(scanMeterFrames(profile, encodeMeterFrame(profile, frame)).frames).toEqual([frame]);
        }),
      );
    }
  });

  it("add amounts of one kind, and show a fare of zero only where a fare stands", () => {
    const twice = {
      ...reading("hired"),
      components: [...reading("hired", { toll: 30 }).components, ...reading("hired", { toll: 20 }).components],
    };
    const back = (given: MeterReading) =>
      scanMeterFrames(BCD_METER, encodeMeterFrame(BCD_METER, { kind: "reading", sequence: 1, reading: given })).frames;
    expect(back(twice)).toMatchObject([{ reading: reading("hired", { meter: 0, toll: 50 }) }]);
    expect(back(reading("pickup", { pickup: 300 }))).toMatchObject([{ reading: reading("pickup", { pickup: 300 }) }]);
  });

  it("leave out what a layout has no field for", () => {
    const plain = { ...BCD_METER, layout: BCD_METER.layout.slice(0, 2) };
    const frame = { kind: "reading", sequence: 1, reading: reading("paying", { meter: 600, toll: 100 }, 500) } as const;
    expect(scanMeterFrames(plain, encodeMeterFrame(plain, frame)).frames).toEqual([
      { ...frame, reading: reading("paying", { meter: 600 }) },
    ]);
  });

  it("refuse what the layout cannot carry", () => {
    const encode =
      (given: MeterReading, sequence = 0) =>
      () =>
        encodeMeterFrame(BCD_METER, { kind: "reading", sequence, reading: given });
    expect(encode(reading("paying", { meter: 1071 }))).toThrow(InvariantError);
    expect(encode(reading("paying", { meter: 1_000_000_000 }))).toThrow(InvariantError);
    expect(encode(reading("off"))).toThrow(InvariantError);
    expect(encode(reading("vacant"), 100)).toThrow(InvariantError);
    expect(() => encodeMeterFrame(BINARY_METER, { kind: "poll", sequence: -1 })).toThrow(InvariantError);
  });
});

describe("a stream of bytes", () => {
  const frameOf = (sequence: number): MeterFrame => ({
    kind: "reading",
    sequence,
    reading: reading("hired", { meter: 600 + sequence * 10 }, 100),
  });

  for (const profile of METER_PROFILES) {
    it(`may be cut anywhere (${profile.id})`, () => {
      const whole = [1, 2, 3].map((sequence) => encodeMeterFrame(profile, frameOf(sequence)));
      const stream = Uint8Array.of(...whole.flatMap((frame) => [...frame, 0, 0]));
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }), (cuts) => {
          let rest: Uint8Array = new Uint8Array(0);
          const frames: MeterFrame[] = [];
          let at = 0;
          for (let turn = 0; at < stream.length; turn++) {
            const size = cuts[turn % cuts.length] as number;
            const scanned = scanMeterFrames(profile, Uint8Array.of(...rest, ...stream.subarray(at, at + size)));
            expect(scanned.garbled).toBe(0);
            frames.push(...scanned.frames);
            rest = scanned.rest;
            at += size;
          }
          expect(frames).toEqual([1, 2, 3].map((sequence) => frameOf(sequence)));
        }),
      );
    });

    it(`finds the good frame behind a damaged one (${profile.id})`, () => {
      const damaged = encodeMeterFrame(profile, frameOf(1));
      const good = encodeMeterFrame(profile, frameOf(2));
      fc.assert(
        fc.property(fc.integer({ min: 0, max: damaged.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
          const broken = damaged.map((byte, index) => (index === at ? byte ^ flip : byte));
          // Enough of what follows arrives to see through a false start.
          const { frames } = scanMeterFrames(profile, Uint8Array.of(...broken, ...good, ...new Uint8Array(32)));
          expect(frames).toEqual([frameOf(2)]);
        }),
      );
    });

    it(`keeps no more than one frame of rest, however much noise comes (${profile.id})`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
          expect(scanMeterFrames(profile, noise).rest.length).toBeLessThanOrEqual(32);
        }),
      );
    });
  }

  it("counts damage: a wrong checksum, an unknown type, a digit that is none, a state that is none, a body too many", () => {
    const withXor = (...covered: number[]) =>
      Uint8Array.of(
        0x02,
        ...covered,
        covered.reduce((sum, byte) => sum ^ byte, 0),
      );
    const body = (state: number, digit = 0) => [state, digit, ...new Array<number>(18).fill(0)];
    const damaged = [
      bytes("02 02 06 42 47"),
      withXor(0x02, 0x77, 0x01),
      withXor(0x02, 0x06, 0x1a),
      withXor(0x02, 0x41, 0x01),
      withXor(0x16, 0x41, 0x01, ...body(0x39)),
      withXor(0x16, 0x41, 0x01, ...body(0x30, 0xa0)),
      withXor(0x16, 0x41, 0x01, ...body(0x30, 0x0a)),
      withXor(0x16, 0x06, 0x01, ...body(0x30)),
      withXor(0x16, 0x05, 0x01, ...body(0x30)),
    ];
    for (const stream of damaged) {
      expect(scanMeterFrames(BCD_METER, stream).frames, hex(stream)).toEqual([]);
      expect(scanMeterFrames(BCD_METER, stream).garbled, hex(stream)).toBeGreaterThan(0);
    }
    expect(scanMeterFrames(BCD_METER, withXor(0x16, 0x41, 0x01, ...body(0x30))).garbled).toBe(0);
  });

  it("ignores what lies between frames", () => {
    const noise = bytes("00 11 41 00");
    expect(scanMeterFrames(BCD_METER, noise)).toEqual({ frames: [], rest: new Uint8Array(0), garbled: 0 });
  });
});
