import { concatBytes } from "../bytes.ts";

/**
 * A command APDU of ISO/IEC 7816-4 in short length. `data` empty means no command data; `expected` is the number of
 * response bytes asked for (Le, 1..256), null when none are.
 */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  readonly expected: number | null;
}

/** Most command data bytes in short length (Lc is one byte, zero is not a length). */
const MAX_COMMAND_DATA = 255;
/** Most response bytes in short length (Le 00). */
const MAX_RESPONSE_DATA = 256;

/**
 * Bytes of a command (cases 1 to 4 short).
 * @throws RangeError when a field does not fit a short APDU
 */
export function encodeCommand(command: CommandApdu): Uint8Array {
  const { cla, ins, p1, p2, data, expected } = command;
  for (const byte of [cla, ins, p1, p2]) {
    if (!Number.isInteger(byte) || byte < 0 || byte > 0xff) throw new RangeError("a header field is one byte");
  }
  if (data.length > MAX_COMMAND_DATA) throw new RangeError("command data is at most 255 bytes");
  if (expected !== null && (!Number.isInteger(expected) || expected < 1 || expected > MAX_RESPONSE_DATA)) {
    throw new RangeError("expected length is 1..256");
  }
  const header = Uint8Array.of(cla, ins, p1, p2);
  const body = data.length === 0 ? data : concatBytes(Uint8Array.of(data.length), data);
  const tail = expected === null ? new Uint8Array(0) : Uint8Array.of(expected % 256);
  return concatBytes(header, body, tail);
}

/** The command in `bytes`, or null when they are no short APDU (also for extended length). */
export function decodeCommand(bytes: Uint8Array): CommandApdu | null {
  const [cla, ins, p1, p2, length] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return null;
  const header = { cla, ins, p1, p2 };
  const none = new Uint8Array(0);
  if (length === undefined) return { ...header, data: none, expected: null };
  if (bytes.length === 5) return { ...header, data: none, expected: decodeExpected(length) };
  if (length === 0) return null;
  const data = bytes.slice(5, 5 + length);
  if (data.length !== length) return null;
  const rest = bytes.slice(5 + length);
  const [expected] = rest;
  if (expected === undefined) return { ...header, data, expected: null };
  return rest.length === 1 ? { ...header, data, expected: decodeExpected(expected) } : null;
}

function decodeExpected(byte: number): number {
  return byte === 0 ? MAX_RESPONSE_DATA : byte;
}
