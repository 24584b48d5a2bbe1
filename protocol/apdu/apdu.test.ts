import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../bytes.ts";
import { CardChannelError } from "./card-channel.ts";
import { type CommandApdu, decodeCommand, encodeCommand } from "./command.ts";
import { pinStatus, readBinary, selectApplication, selectFile, verifyPin } from "./iso-commands.ts";
import { decodeResponse, encodeResponse } from "./response.ts";
import { describeStatus, meansNoSuchApplication, pinTriesLeft, STATUS } from "./status-word.ts";
import { transmit } from "./transmit.ts";

const none = new Uint8Array(0);
const header = { cla: 0x00, ins: 0xb0, p1: 0x01, p2: 0x02 };

/** The four cases of ISO/IEC 7816-4 §5.1 in short length, by hand. */
const VECTORS: readonly (readonly [string, CommandApdu, string])[] = [
  ["case 1", { ...header, data: none, expected: null }, "00B00102"],
  ["case 2", { ...header, data: none, expected: 4 }, "00B0010204"],
  ["case 2, 256 bytes", { ...header, data: none, expected: 256 }, "00B0010200"],
  ["case 3", { ...header, data: Uint8Array.of(0xaa, 0xbb), expected: null }, "00B0010202AABB"],
  ["case 4", { ...header, data: Uint8Array.of(0xaa), expected: 256 }, "00B0010201AA00"],
];

describe("command APDU", () => {
  it.each(VECTORS)("%s", (_name, command, hex) => {
    expect(toHex(encodeCommand(command))).toBe(hex);
    expect(decodeCommand(fromHex(hex))).toEqual(command);
  });
  it("takes 255 data bytes", () => {
    const bytes = encodeCommand({ ...header, data: new Uint8Array(255), expected: null });
    expect(bytes).toHaveLength(260);
    expect(decodeCommand(bytes)?.data).toHaveLength(255);
  });
  it.each([
    ["empty", ""],
    ["header cut short", "00B001"],
    ["data cut short", "00B0010203AABB"],
    ["bytes after Le", "00B0010201AA0000"],
    ["extended length", "00B00102000102AABB"],
  ])("is not %s", (_name, hex) => {
    expect(decodeCommand(fromHex(hex))).toBeNull();
  });
  it.each([
    ["a header field above one byte", { ...header, cla: 256, data: none, expected: null }],
    ["256 data bytes", { ...header, data: new Uint8Array(256), expected: null }],
    ["an expected length of 0", { ...header, data: none, expected: 0 }],
    ["an expected length of 257", { ...header, data: none, expected: 257 }],
  ])("refuses to encode %s", (_name, command) => {
    expect(() => encodeCommand(command)).toThrow(RangeError);
  });
});

describe("commands", () => {
  it.each([
    ["SELECT by AID", selectApplication(fromHex("D392F000260100000001")), "00A4040C0AD392F000260100000001"],
    ["SELECT file", selectFile(0x000a), "00A4020C02000A"],
    ["READ BINARY", readBinary(0, 4), "00B0000004"],
    ["READ BINARY at a 15-bit offset", readBinary(0x7fff, 256), "00B07FFF00"],
    ["PIN status", pinStatus(), "00200080"],
    ["VERIFY", verifyPin(fromHex("31323334")), "002000800431323334"],
  ])("%s", (_name, command, hex) => {
    expect(toHex(encodeCommand(command))).toBe(hex);
  });
  it("cannot read beyond 15 bits", () => {
    expect(() => readBinary(0x8000, 1)).toThrow(RangeError);
    expect(() => readBinary(-1, 1)).toThrow(RangeError);
  });
});

describe("response APDU", () => {
  it("is data and status word", () => {
    expect(decodeResponse(fromHex("30829000"))).toEqual({ data: fromHex("3082"), status: 0x9000 });
    expect(decodeResponse(fromHex("6A82"))).toEqual({ data: none, status: STATUS.NOT_FOUND });
    expect(toHex(encodeResponse({ data: fromHex("3082"), status: 0x63c2 }))).toBe("308263C2");
  });
  it("needs a status word", () => {
    expect(decodeResponse(fromHex("90"))).toBeNull();
    expect(decodeResponse(none)).toBeNull();
  });
  it("without one is a broken exchange", async () => {
    const mute = { exchange: async () => none };
    await expect(transmit(mute, pinStatus())).rejects.toBeInstanceOf(CardChannelError);
    await expect(transmit(mute, pinStatus())).rejects.toMatchObject({ code: "PROTOCOL" });
  });
});

describe("status words", () => {
  it("tell the tries left", () => {
    expect(pinTriesLeft(0x63c3)).toBe(3);
    expect(pinTriesLeft(0x63c0)).toBe(0);
    expect(pinTriesLeft(0x6300)).toBeNull();
  });
  it("are named for people who read logs", () => {
    expect(describeStatus(0x6a82)).toBe("6A82 NOT_FOUND");
    expect(describeStatus(0x63c1)).toBe("63C1 1 TRIES LEFT");
    expect(describeStatus(0x0123)).toBe("0123");
  });
  it("tell a missing application from a fault", () => {
    expect([0x6a82, 0x6a81, 0x6d00, 0x6e00].every(meansNoSuchApplication)).toBe(true);
    expect([0x9000, 0x6f00, 0x6985].some(meansNoSuchApplication)).toBe(false);
  });
});
