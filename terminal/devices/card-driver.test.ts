import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { err, ok } from "#domain/result.ts";
import { type CardChannel, CardChannelError } from "#protocol/apdu/card-channel.ts";
import { decodeCommand } from "#protocol/apdu/command.ts";
import { STATUS } from "#protocol/apdu/status-word.ts";
import { toHex } from "#protocol/bytes.ts";
import { answersAt, createDrivingLicence, shortRead, tornAt, unresponsive } from "#simulators/card/faults.ts";
import { createTestCa, type TestCa } from "#simulators/card/test-ca.ts";
import { type CardDriver, isReaderGone, readCard } from "./card-driver.ts";
import { jpkiDriver } from "./jpki-driver.ts";

// Making RSA keys takes a second, on a busy machine many.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let directory: string;
let ca: TestCa;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "notte-driver-"));
  ca = await createTestCa(directory);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Applications of the My Number Card that hold the face, the attributes and the 12-digit number. */
const FORBIDDEN_AIDS = /D3921000310001/i;

describe("reading a card", () => {
  it("reads the certificate, which identifies and proves no possession", async () => {
    const card = await ca.card("person-1");
    expect(await readCard(card, [jpkiDriver])).toEqual({
      ok: true,
      value: { kind: "jpki-certificate", body: card.certificateDer, assurance: "identified" },
    });
  });

  it("selects the JPKI application and EF 000A, reads, and sends nothing else", async () => {
    const card = await ca.card("person-1");
    const selected: string[] = [];
    const instructions = new Set<number>();
    const watched: CardChannel = {
      async exchange(command) {
        const decoded = decodeCommand(command);
        if (decoded === null) throw new Error("not a short APDU");
        instructions.add(decoded.ins);
        if (decoded.ins === 0xa4) selected.push(toHex(decoded.data));
        return card.exchange(command);
      },
    };
    await readCard(watched, [jpkiDriver]);
    expect(selected).toEqual(["D392F000260100000001", "000A"]);
    expect([...instructions]).toEqual([0xa4, 0xb0]);
  });

  it("has no program file that names the applications with the face and the number", () => {
    const root = fileURLToPath(new URL("../../", import.meta.url));
    const named = ["domain", "protocol", "server", "terminal", "simulators"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
        .map((file) => join(folder, file))
        .filter((file) => FORBIDDEN_AIDS.test(readFileSync(join(root, file), "utf8"))),
    );
    expect(named).toEqual([]);
  });

  it("knows a driving licence for no card of ours", async () => {
    const refused = await readCard(createDrivingLicence("person-1"), [jpkiDriver]);
    expect(refused).toMatchObject({ ok: false, error: { code: "UNKNOWN_CARD" } });
  });

  it.each([1, 2, 3, 5])("reads again from the start when the card is lost at command %i", async (command) => {
    const card = await ca.card("person-1", { faults: [tornAt(command)] });
    expect(await readCard(card, [jpkiDriver])).toMatchObject({ ok: true, value: { body: card.certificateDer } });
  });

  it("reads again when an answer was cut short", async () => {
    const card = await ca.card("person-1", { faults: [shortRead()] });
    expect((await readCard(card, [jpkiDriver])).ok).toBe(true);
  });

  it("asks for the card again after two torn reads", async () => {
    const card = await ca.card("person-1", { faults: [unresponsive()] });
    expect(await readCard(card, [jpkiDriver])).toMatchObject({ ok: false, error: { code: "TORN_READ" } });
  });

  it("does not try a faulty card again", async () => {
    const card = await ca.card("person-1", { faults: [answersAt(2, STATUS.NO_PRECISE_DIAGNOSIS)] });
    expect(await readCard(card, [jpkiDriver])).toMatchObject({ ok: false, error: { code: "CARD_FAULT" } });
  });

  it("asks drivers in order until one knows the card", async () => {
    const asked: string[] = [];
    const driver = (id: string, known: boolean): CardDriver => ({
      id,
      async read() {
        asked.push(id);
        if (!known) return err({ code: "UNKNOWN_CARD", message: "not mine" });
        return ok({ kind: "jpki-certificate", body: Uint8Array.of(1), assurance: "possession" });
      },
    });
    const reading = await readCard(createDrivingLicence("x"), [
      driver("a", false),
      driver("b", true),
      driver("c", true),
    ]);
    expect(reading).toMatchObject({ ok: true, value: { assurance: "possession" } });
    expect(asked).toEqual(["a", "b"]);
  });

  it("leaves a lost reader to the caller", async () => {
    const gone: CardChannel = { exchange: () => Promise.reject(new CardChannelError("READER_GONE", "unplugged")) };
    const error = await readCard(gone, [jpkiDriver]).catch((thrown: unknown) => thrown);
    expect(isReaderGone(error)).toBe(true);
    expect(isReaderGone(new CardChannelError("TIMEOUT", "slow"))).toBe(false);
  });
});
