import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPcsc, type TestPcsc } from "#tests/kit/pcsc.ts";
import { detectCardDoor } from "./detect-door.ts";
import { createDrivingLicence } from "./faults.ts";
import { createVpcdDoor, VPCD_DEFAULT } from "./vpcd-door.ts";

let service: TestPcsc;
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
    await expect
      .poll(() => detectCardDoor(VPCD_DEFAULT, 10_000), { timeout: 60_000 })
      .toEqual({ technology: "pcsc", note: null });
  });

  it("leaves the reader to a card that lies there already", async () => {
    await door.lay(createDrivingLicence("someone else's"));
    await expect
      .poll(() => detectCardDoor(VPCD_DEFAULT, 10_000), { timeout: 60_000 })
      .toEqual({ technology: "simulator", note: "another card lies on the PC/SC reader" });
  });
});
