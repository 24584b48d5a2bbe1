import { describe, expect, it } from "vitest";
import { executeMessage, joinedMessages, prepareMessage, queryMessage } from "./wire-messages.ts";

describe("messages of protocol 3.0", () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

  it("are written as the manual says", () => {
    expect(hex(queryMessage("A"))).toBe("51000000064100");
    // Parse "s" with text "Q" and no types, describe statement "s", sync.
    expect(hex(prepareMessage("s", "Q"))).toBe("500000000a730051000000" + "44000000075373" + "00" + "5300000004");
    // Bind "s" with "é" and null in text format, execute without a limit, sync.
    expect(hex(executeMessage("s", ["é", null]))).toBe(
      "4200000017" +
        "00" +
        "7300" +
        "0000" +
        "0002" +
        "00000002c3a9" +
        "ffffffff" +
        "0000" +
        "4500000009" +
        "0000000000" +
        "5300000004",
    );
    expect(hex(joinedMessages([new Uint8Array([1]), new Uint8Array([2, 3])]))).toBe("010203");
  });
});
