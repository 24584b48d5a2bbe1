import { assert } from "#domain/assert.ts";
import type { MeterProfile } from "./meter-profile.ts";

type Numbers = MeterProfile["numbers"];

/** Writes an unsigned integer into `width` bytes. A number that does not fit breaks an invariant of the caller. */
export function encodeNumber(value: number, width: number, numbers: Numbers): Uint8Array {
  const base = numbers === "bcd" ? 100 : 256;
  assert(Number.isSafeInteger(value) && value >= 0 && value < base ** width, `${value} does not fit ${width} bytes`);
  const bytes = new Uint8Array(width);
  let rest = value;
  for (let index = 0; index < width; index++) {
    const digit = rest % base;
    rest = (rest - digit) / base;
    if (numbers === "bcd") bytes[width - 1 - index] = Math.floor(digit / 10) * 16 + (digit % 10);
    else bytes[index] = digit;
  }
  return bytes;
}

/** Reads an unsigned integer; undefined when a BCD digit is none. */
export function decodeNumber(bytes: Uint8Array, numbers: Numbers): number | undefined {
  let value = 0;
  for (const byte of numbers === "bcd" ? bytes : bytes.toReversed()) {
    if (numbers === "bcd") {
      if (byte >> 4 > 9 || (byte & 15) > 9) return undefined;
      value = value * 100 + (byte >> 4) * 10 + (byte & 15);
    } else value = value * 256 + byte;
  }
  return value;
}

/** Checksum over the bytes: one byte of XOR, or CRC-16/CCITT-FALSE (polynomial 1021, from FFFF) low byte first. */
export function checksumOf(bytes: Uint8Array, kind: MeterProfile["checksum"]): Uint8Array {
  if (kind === "xor") return Uint8Array.of(bytes.reduce((sum, byte) => sum ^ byte, 0));
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return Uint8Array.of(crc & 0xff, crc >> 8);
}
