import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { CardChannel } from "#protocol/apdu/card-channel.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { readUserAuthenticationCertificate } from "#protocol/jpki/read-certificate.ts";

/** One My Number Card lying on one reader, for one test. */
export interface LaidCard {
  readonly channel: CardChannel;
  /** SHA-256 of the card's user-authentication certificate, hex. */
  readonly certificateSha256: string;
  /** Lifts the card; the channel must notice at the next exchange at the latest. */
  lift(): Promise<void>;
  /** Lays the same card again. */
  layAgain(): Promise<CardChannel>;
  /** Ends the test; fails when something that should have happened did not. */
  done(): Promise<void>;
}

/** What a test of the contract does with the card. A transcript exists for each. */
const CARD_STORIES = ["certificate", "status-words", "overlap", "lifted"] as const;
export type CardStory = (typeof CARD_STORIES)[number];

const SELECT_JPKI = fromHex("00A4040C0AD392F000260100000001");
const SELECT_CERTIFICATE = fromHex("00A4020C02000A");
const SELECT_FOREIGN = fromHex("00A4040C06A00000000101");
const UNKNOWN_INSTRUCTION = fromHex("00CA DF30 05");
const READ_HEAD = fromHex("00B0000004");

/** The contract of every card channel: simulator, transcript and PC/SC behave alike. */
export function cardChannelContract(name: string, lay: (story: CardStory) => Promise<LaidCard>): void {
  const withCard = async (story: CardStory, act: (card: LaidCard) => Promise<void>): Promise<void> => {
    const card = await lay(story);
    try {
      await act(card);
    } finally {
      await card.done();
    }
  };

  describe(`card channel: ${name}`, () => {
    it("reads the certificate byte for byte", () =>
      withCard("certificate", async (card) => {
        const certificate = await readUserAuthenticationCertificate(card.channel);
        if (!certificate.ok) throw new Error(certificate.error.message);
        expect(createHash("sha256").update(certificate.value).digest("hex")).toBe(card.certificateSha256);
      }));

    it("passes status words on unchanged", () =>
      withCard("status-words", async ({ channel }) => {
        expect(toHex(await channel.exchange(SELECT_FOREIGN))).toBe("6A82");
        expect(toHex(await channel.exchange(UNKNOWN_INSTRUCTION))).toBe("6D00");
        expect(toHex(await channel.exchange(READ_HEAD))).toBe("6986");
        expect(toHex(await channel.exchange(SELECT_JPKI))).toBe("9000");
      }));

    it("makes one exchange at a time", () =>
      withCard("overlap", async ({ channel }) => {
        const first = channel.exchange(SELECT_JPKI);
        await expect(channel.exchange(SELECT_CERTIFICATE)).rejects.toMatchObject({ code: "PROTOCOL" });
        expect(toHex(await first)).toBe("9000");
        expect(toHex(await channel.exchange(SELECT_CERTIFICATE))).toBe("9000");
      }));

    it("says that the card was lifted, and starts clean when it is laid again", () =>
      withCard("lifted", async (card) => {
        await card.channel.exchange(SELECT_JPKI);
        await card.channel.exchange(SELECT_CERTIFICATE);
        expect(toHex(await card.channel.exchange(READ_HEAD))).toMatch(/^3082....9000$/);
        await card.lift();
        await expect(card.channel.exchange(READ_HEAD)).rejects.toMatchObject({ code: "CARD_REMOVED" });
        const again = await card.layAgain();
        expect(toHex(await again.exchange(READ_HEAD))).toBe("6986");
      }));
  });
}
