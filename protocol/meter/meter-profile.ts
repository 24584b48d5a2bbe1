import type { ComponentKind } from "#domain/scheme/scheme.ts";
import type { MeterState } from "./meter-reading.ts";

/** What a field of a reading frame holds. */
export type MeterField = "state" | "distance" | ComponentKind;

/** A device as data: how its frames are laid out (docs/protocols/taximeter.md §2). Another meter is another profile. */
export interface MeterProfile {
  readonly id: string;
  /** USB ids of the device and the size of its HID reports, padding included. */
  readonly usb: { readonly vendorId: number; readonly productId: number; readonly reportBytes: number };
  readonly startByte: number;
  /** `bcd`: two decimal digits a byte, most significant first. `little-endian`: unsigned binary. */
  readonly numbers: "bcd" | "little-endian";
  /** Sequence numbers run from 0 to one less than this. */
  readonly sequences: number;
  readonly types: { readonly reading: number; readonly poll: number; readonly acknowledge: number };
  /** Fields of a reading after type and sequence, with their width in bytes. */
  readonly layout: readonly { readonly field: MeterField; readonly bytes: number }[];
  readonly states: Readonly<Record<Exclude<MeterState, "off">, number>>;
  /** Amounts are sent as multiples of this many minor units. */
  readonly amountStepMinor: number;
  readonly distanceStepM: number;
  readonly checksum: "xor" | "crc16";
}

/**
 * A BCD layout as older meters have it. The project's own: vendors do not publish theirs. The USB ids are those that
 * pid.codes reserves for tests.
 */
export const BCD_METER: MeterProfile = {
  id: "reference-bcd",
  usb: { vendorId: 0x1209, productId: 0x0001, reportBytes: 32 },
  startByte: 0x02,
  numbers: "bcd",
  sequences: 100,
  types: { reading: 0x41, poll: 0x05, acknowledge: 0x06 },
  layout: [
    { field: "state", bytes: 1 },
    { field: "meter", bytes: 4 },
    { field: "pickup", bytes: 3 },
    { field: "toll", bytes: 3 },
    { field: "extra", bytes: 3 },
    { field: "company-discount", bytes: 3 },
    { field: "distance", bytes: 3 },
  ],
  states: { vacant: 0x30, pickup: 0x31, hired: 0x32, premium: 0x33, paying: 0x34 },
  amountStepMinor: 10,
  distanceStepM: 10,
  checksum: "xor",
};

/** A binary layout with a CRC, amounts to the minor unit. The project's own, as {@link BCD_METER}. */
export const BINARY_METER: MeterProfile = {
  id: "reference-binary",
  usb: { vendorId: 0x1209, productId: 0x0002, reportBytes: 64 },
  startByte: 0xa5,
  numbers: "little-endian",
  sequences: 256,
  types: { reading: 0x01, poll: 0x02, acknowledge: 0x03 },
  layout: [
    { field: "state", bytes: 1 },
    { field: "distance", bytes: 4 },
    { field: "meter", bytes: 4 },
    { field: "pickup", bytes: 4 },
    { field: "toll", bytes: 4 },
    { field: "extra", bytes: 4 },
    { field: "company-discount", bytes: 4 },
  ],
  states: { vacant: 0, pickup: 1, hired: 2, premium: 3, paying: 4 },
  amountStepMinor: 1,
  distanceStepM: 1,
  checksum: "crc16",
};

/** The profiles a terminal knows. */
export const METER_PROFILES: readonly MeterProfile[] = [BCD_METER, BINARY_METER];
