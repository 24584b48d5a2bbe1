import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PcscService, startPcsc } from "#tests/kit/pcsc.ts";
import { detectCardDoor } from "./detect-door.ts";
import { createDrivingLicence } from "./faults.ts";
import { createVpcdDoor } from "./vpcd-door.ts";

let service: PcscService;
const door = createVpcdDoor();
beforeAll(async () => {
  service = await startPcsc();
});
afterAll(async () => {
  await door.lift();
  await service?.stop();
});

describe("finding the door", () => {
  it("finds the virtual reader of a running PC/SC service", async () => {
    await expect.poll(() => detectCardDoor(), { timeout: 20_000 }).toEqual({ technology: "pcsc", note: null });
  });

  it("leaves the reader to a card that lies there already", async () => {
    await door.lay(createDrivingLicence("someone else's"));
    await wait(1_000);
    expect(await detectCardDoor()).toEqual({ technology: "simulator", note: "another card lies on the PC/SC reader" });
  });
});
