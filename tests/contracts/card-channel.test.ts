import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, vi } from "vitest";
import type { CardChannel } from "#protocol/apdu/card-channel.ts";
import { createInProcessReader } from "#simulators/card/in-process-reader.ts";
import { createTestCa, type TestCa } from "#simulators/card/test-ca.ts";
import { parseTranscript, replay } from "../kit/transcript-channel.ts";
import { type CardStory, cardChannelContract, type LaidCard } from "./card-channel.ts";

// Making RSA keys takes a second, on a busy machine many.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let directory: string;
let ca: TestCa;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "notte-contract-"));
  ca = await createTestCa(directory);
});
afterAll(() => rmSync(directory, { recursive: true }));

async function layInProcess(): Promise<LaidCard> {
  const card = await ca.card("person-1");
  const reader = createInProcessReader();
  const channels: CardChannel[] = [];
  reader.start((event) => {
    if (event.kind === "card-laid") channels.push(event.channel);
  });
  const lay = (): CardChannel => {
    reader.lay(card);
    const channel = channels.at(-1);
    if (channel === undefined) throw new Error("no card was announced");
    return channel;
  };
  return {
    channel: lay(),
    certificateSha256: createHash("sha256").update(card.certificateDer).digest("hex"),
    lift: async () => reader.lift(),
    layAgain: async () => lay(),
    done: () => reader.close(),
  };
}

async function layTranscript(story: CardStory): Promise<LaidCard> {
  const text = readFileSync(fileURLToPath(new URL(`../transcripts/${story}.apdu`, import.meta.url)), "utf8");
  const channel = replay(parseTranscript(text));
  return {
    channel,
    certificateSha256: /^# certificate sha-256 ([0-9a-f]{64})$/m.exec(text)?.[1] ?? "none named",
    lift: async () => undefined,
    layAgain: async () => channel,
    done: async () => channel.assertFinished(),
  };
}

cardChannelContract("simulated card in-process", layInProcess);
cardChannelContract("transcript", layTranscript);
