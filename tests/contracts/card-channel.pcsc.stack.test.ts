import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { createTestCa, type TestCa } from "#simulators/card/test-ca.ts";
import { createVpcdDoor } from "#simulators/card/vpcd-door.ts";
import { createPcscReader } from "#terminal/devices/pcsc-reader.ts";
import { startPcsc, type TestPcsc } from "../kit/pcsc.ts";
import { watchReader } from "../kit/reader-events.ts";
import { cardChannelContract, type LaidCard } from "./card-channel.ts";

let directory: string;
let ca: TestCa;
let service: TestPcsc;
const door = createVpcdDoor();
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "notte-contract-"));
  ca = await createTestCa(directory);
  service = await startPcsc();
});
afterAll(async () => {
  await service?.stop();
  rmSync(directory, { recursive: true });
});

async function layOverPcsc(): Promise<LaidCard> {
  const card = await ca.card("person-1");
  const reader = createPcscReader();
  const watch = watchReader(reader);
  await watch.next("ready");
  await door.lay(card);
  const { channel } = await watch.next("card-laid");
  return {
    channel,
    certificateSha256: createHash("sha256").update(card.certificateDer).digest("hex"),
    async lift() {
      await door.lift();
      await watch.next("card-lifted");
    },
    async layAgain() {
      await door.lay(card);
      return (await watch.next("card-laid")).channel;
    },
    async done() {
      await door.lift();
      await reader.close();
    },
  };
}

cardChannelContract("pcscd, vpcd and the PC/SC binding", layOverPcsc);
