import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createDrivingLicence, slow, tornAt } from "#simulators/card/faults.ts";
import { createTestCa, type TestCa } from "#simulators/card/test-ca.ts";
import { createVpcdDoor, type VpcdDoor } from "#simulators/card/vpcd-door.ts";
import { startPcsc, type TestPcsc } from "#tests/kit/pcsc.ts";
import { type ReaderWatch, watchReader } from "#tests/kit/reader-events.ts";
import { readCard } from "./card-driver.ts";
import { jpkiDriver } from "./jpki-driver.ts";
import { createPcscReader } from "./pcsc-reader.ts";
import type { ReaderPort } from "./reader.ts";

let directory: string;
let ca: TestCa;
let service: TestPcsc;
const door: VpcdDoor = createVpcdDoor();
let reader: ReaderPort;
let watch: ReaderWatch;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "notte-pcsc-"));
  ca = await createTestCa(directory);
  service = await startPcsc();
});
afterAll(async () => {
  await service?.stop();
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  reader = createPcscReader({ exchangeMs: 1_500, restartMs: 200 });
  watch = watchReader(reader);
});
afterEach(async () => {
  await door.lift();
  await reader.close();
});

const readNext = async () => {
  const laid = await watch.next("card-laid");
  return { number: laid.cardNumber, reading: await readCard(laid.channel, [jpkiDriver]) };
};
/** Process ids of the binding's child processes of this test. */
const bindingProcesses = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
        return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("pcsc-worker");
      } catch {
        return false;
      }
    });

describe("PC/SC reader", () => {
  it("reads card after card, each laying once", async () => {
    for (const [index, person] of ["person-1", "person-2"].entries()) {
      const card = await ca.card(person);
      await door.lay(card);
      const { number, reading } = await readNext();
      expect(number).toBe(index + 1);
      expect(reading).toEqual({
        ok: true,
        value: { kind: "jpki-certificate", body: card.certificateDer, assurance: "identified" },
      });
      await door.lift();
      await watch.next("card-lifted");
    }
  });

  it("sees a card that was lying there before it started", async () => {
    const card = await ca.card("person-1");
    await door.lay(card);
    await watch.next("card-laid");
    const late = createPcscReader();
    const lateWatch = watchReader(late);
    expect((await lateWatch.next("card-laid")).cardNumber).toBe(1);
    await late.close();
  });

  it("counts a card lifted and laid again at once as a new laying", async () => {
    await door.lay(await ca.card("person-1"));
    expect((await readNext()).number).toBe(1);
    await door.lay(await ca.card("person-2"));
    const { number, reading } = await readNext();
    expect(number).toBe(2);
    expect(reading.ok).toBe(true);
  });

  it("says that a driving licence is no card of ours", async () => {
    await door.lay(createDrivingLicence("person-1"));
    expect((await readNext()).reading).toMatchObject({ ok: false, error: { code: "UNKNOWN_CARD" } });
  });

  it("says when the card was taken away in mid-read, and reads it when it is laid again", async () => {
    await door.lay(await ca.card("person-1", { faults: [tornAt(4)] }));
    expect((await readNext()).reading).toMatchObject({ ok: false, error: { code: "TORN_READ" } });
    await watch.next("card-lifted");
    expect((await readNext()).reading.ok).toBe(true);
  });

  it("gives up on a card that does not answer, and is ready again", async () => {
    await door.lay(await ca.card("person-1", { faults: [slow(4_000)] }));
    const { channel } = await watch.next("card-laid");
    await expect(channel.exchange(Uint8Array.of(0, 0xb0, 0, 0, 4))).rejects.toMatchObject({ code: "TIMEOUT" });
    await door.lift();
    await watch.next("ready", 30_000);
  });

  it("comes back when the binding's process dies, and finds the card lying there", async () => {
    await door.lay(await ca.card("person-1"));
    expect((await readNext()).reading.ok).toBe(true);
    const [pid] = bindingProcesses();
    if (pid === undefined) throw new Error("the binding has no process of its own");
    process.kill(pid, "SIGSEGV");
    expect((await watch.next("absent")).reason).toContain("started again");
    expect((await readNext()).reading.ok).toBe(true);
  });

  it("comes back when pcscd is restarted, and finds the card lying there", async () => {
    await door.lay(await ca.card("person-1"));
    expect((await readNext()).reading.ok).toBe(true);
    await service.restart(async () => {
      await watch.next("absent");
      await expect
        .poll(() => watch.events.findLast((event) => event.kind === "absent")?.reason, { timeout: 10_000 })
        .toContain("start pcscd");
    });
    const { number, reading } = await readNext();
    expect(number).toBe(2);
    expect(reading.ok).toBe(true);
  });

  it("takes its process along when the port is gone before the process has loaded", async () => {
    const worker = fork("terminal/devices/pcsc-worker.ts", [], {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let said = "";
    worker.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    const ended = once(worker, "exit");
    worker.disconnect();
    await ended;
    expect(said).toBe("");
  });
});
