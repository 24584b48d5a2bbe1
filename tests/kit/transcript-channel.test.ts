import { describe, expect, it } from "vitest";
import { CardChannelError } from "#protocol/apdu/card-channel.ts";
import { fromHex } from "#protocol/bytes.ts";
import { formatTranscript, parseTranscript, record, replay } from "./transcript-channel.ts";

const TEXT = "# a comment\n\n=> 00B0000004\n<= 308203899000\n=> 00B0000004\n<! CARD_REMOVED\n";

describe("transcript", () => {
  it("is read and written back", () => {
    expect(formatTranscript(parseTranscript(TEXT))).toBe(TEXT.replace("# a comment\n\n", ""));
  });
  it.each(["=> 00", "<= 9000\n=> 00", "=> 00\n<! SOMETHING", "=> 0\n<= 9000"])("does not take %j", (text) => {
    expect(() => parseTranscript(text)).toThrow();
  });
  it("is strict about order, content and leftovers", async () => {
    const channel = replay(parseTranscript(TEXT));
    await expect(channel.exchange(fromHex("00B0000005"))).rejects.toThrow("expected 00B0000004, got 00B0000005");
    expect(() => channel.assertFinished()).toThrow("2 exchanges");
    await channel.exchange(fromHex("00B0000004"));
    await expect(channel.exchange(fromHex("00B0000004"))).rejects.toMatchObject({ code: "CARD_REMOVED" });
    channel.assertFinished();
    await expect(channel.exchange(fromHex("00B0000004"))).rejects.toThrow("after its end");
  });
  it("is recorded from any channel, broken exchanges too", async () => {
    const answers = [fromHex("9000"), new CardChannelError("TIMEOUT", "slow")];
    const { channel, entries } = record({
      exchange: async () => {
        const answer = answers.shift();
        if (answer instanceof Uint8Array) return answer;
        throw answer;
      },
    });
    await channel.exchange(fromHex("00200080"));
    await channel.exchange(fromHex("00200080")).catch(() => undefined);
    expect(formatTranscript(entries)).toBe("=> 00200080\n<= 9000\n=> 00200080\n<! TIMEOUT\n");
  });
});
