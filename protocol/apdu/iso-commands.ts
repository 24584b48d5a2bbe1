import type { CommandApdu } from "./command.ts";

const NONE = new Uint8Array(0);

/** SELECT by AID, first occurrence, no FCI wanted (`00 A4 04 0C`). */
export function selectApplication(aid: Uint8Array): CommandApdu {
  return { cla: 0x00, ins: 0xa4, p1: 0x04, p2: 0x0c, data: aid, expected: null };
}

/** SELECT of an elementary file under the current application, no FCI wanted (`00 A4 02 0C`). */
export function selectFile(fileId: number): CommandApdu {
  return { cla: 0x00, ins: 0xa4, p1: 0x02, p2: 0x0c, data: Uint8Array.of(fileId >> 8, fileId & 0xff), expected: null };
}

/** Highest offset that READ BINARY can name: P1 bit 8 is taken, 15 bits are left. */
const MAX_READ_OFFSET = 0x7fff;

/**
 * READ BINARY of the selected file.
 * @throws RangeError when the offset does not fit 15 bits
 */
export function readBinary(offset: number, expected: number): CommandApdu {
  if (!Number.isInteger(offset) || offset < 0 || offset > MAX_READ_OFFSET) throw new RangeError("offset is 15 bits");
  return { cla: 0x00, ins: 0xb0, p1: offset >> 8, p2: offset & 0xff, data: NONE, expected };
}

/** VERIFY without data: asks how many tries the selected PIN has left. */
export function pinStatus(): CommandApdu {
  return { cla: 0x00, ins: 0x20, p1: 0x00, p2: 0x80, data: NONE, expected: null };
}

/** VERIFY of the selected PIN. The bytes of this command are never logged. */
export function verifyPin(pin: Uint8Array): CommandApdu {
  return { cla: 0x00, ins: 0x20, p1: 0x00, p2: 0x80, data: pin, expected: null };
}
