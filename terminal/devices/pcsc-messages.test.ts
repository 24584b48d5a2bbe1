import { describe, expect, it } from "vitest";
import { channelErrorOf, pcscResultCode } from "./pcsc-messages.ts";

describe("PC/SC results", () => {
  it.each([
    ["SCardTransmit error: Card was removed.(0x80100069)", "CARD_REMOVED"],
    ["SCardTransmit error: Transaction failed.(0xffffffff80100016)", "CARD_REMOVED"],
    ["SCardConnect error: Card is unresponsive.(0x80100066)", "CARD_REMOVED"],
    ["SCardConnect error: Unknown reader specified.(0x80100009)", "READER_GONE"],
    ["SCardTransmit error: Service not available.(0x8010001d)", "READER_GONE"],
    ["SCardTransmit error: Feature not supported.(0x8010001f)", "PROTOCOL"],
    ["Card Reader not connected", "PROTOCOL"],
  ])("%s is %s", (text, code) => {
    expect(channelErrorOf(pcscResultCode(new Error(text)))).toBe(code);
  });
});
