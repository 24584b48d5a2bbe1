import { createVerify, X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { createTestCa, type TestCa } from "./test-ca.ts";
import type { VirtualCard } from "./virtual-card.ts";

// Making RSA keys takes a second, on a busy machine many.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let directory: string;
let ca: TestCa;
let card: VirtualCard;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "notte-card-"));
  ca = await createTestCa(directory);
});
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(async () => {
  card = await ca.card("person-1");
});

const send = async (hex: string): Promise<string> => toHex(await card.exchange(fromHex(hex)));
const SELECT_JPKI = "00A4040C0AD392F000260100000001";
const SELECT_PIN = "00A4020C020018";
const SELECT_PASSWORD = "00A4020C02001B";
const STATUS_OF_PIN = "00200080";
const RIGHT_PIN = "002000800431323334";
const WRONG_PIN = "002000800439393939";
/** DER DigestInfo of SHA-256("") with its Lc 33, and Le 00. */
const SIGN_EMPTY =
  "802A0080333031300D060960864801650304020105000420E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B85500";

describe("simulated My Number Card", () => {
  it.each([
    ["627601FF000000"],
    ["A00000000101"],
    ["E82B0601040181C31F0201"],
    ["A00000030800001000"],
    ["A0000000790100"],
    ["D27600012401"],
    // The applications with the face and the number: this card has none.
    ["D3921000310001010408"],
    ["D3921000310001010402"],
  ])("knows no application %s", async (aid) => {
    expect(await send(`00A4040C${toHex(Uint8Array.of(aid.length / 2))}${aid}`)).toBe("6A82");
  });

  it("knows no foreign instruction", async () => {
    expect(await send("00CADF3005")).toBe("6D00");
    expect(await send("00CB3FFF035C017E08")).toBe("6D00");
    expect(await send("FFCA000000")).toBe("6D00");
    expect(await send("00")).toBe("6700");
  });

  it("has every file that OpenSC asks for, after its application was selected", async () => {
    expect(await send("00A4020C02000A")).toBe("6A82");
    await send(SELECT_JPKI);
    for (const file of ["0001", "0002", "0006", "000A", "000B", "0017", "0018", "001A", "001B"]) {
      expect(await send(`00A4020C02${file}`), file).toBe("9000");
    }
    expect(await send("00A4020C020003")).toBe("6A82");
  });

  it("reads within a file by 15-bit offset", async () => {
    expect(await send("00B0000004")).toBe("6986");
    await send(SELECT_JPKI);
    await send("00A4020C020006");
    expect(await send("00B0000020")).toBe(`${toHex(new TextEncoder().encode("JPKIAPICCTOKEN".padEnd(32)))}9000`);
    expect(await send("00B0001E04")).toBe("20209000");
    expect(await send("00B0002001")).toBe("6B00");
    expect(await send("00B0800001")).toBe("6B00");
  });

  it("keeps the signature certificate behind its password", async () => {
    await send(SELECT_JPKI);
    await send("00A4020C020001");
    expect(await send("00B0000004")).toBe("6982");
    await send(SELECT_PASSWORD);
    expect(await send("00200080085445535431323334")).toBe("9000");
    await send("00A4020C020001");
    expect(await send("00B0000004")).toMatch(/^3082....9000$/);
  });

  it("answers the PIN status 63Cx always: untouched, wrong, right, blocked", async () => {
    await send(SELECT_JPKI);
    await send(SELECT_PIN);
    expect(await send(STATUS_OF_PIN)).toBe("63C3");
    expect(await send(WRONG_PIN)).toBe("63C2");
    expect(await send(STATUS_OF_PIN)).toBe("63C2");
    expect(await send(RIGHT_PIN)).toBe("9000");
    expect(await send(STATUS_OF_PIN)).toBe("63C3");
    for (const answer of ["63C2", "63C1", "63C0", "63C0"]) expect(await send(WRONG_PIN)).toBe(answer);
    expect(await send(RIGHT_PIN)).toBe("63C0");
    expect(await send(STATUS_OF_PIN)).toBe("63C0");
    await send(SELECT_PASSWORD);
    expect(await send(STATUS_OF_PIN)).toBe("63C5");
  });

  it("remembers wrong PINs over a reset, and nothing else", async () => {
    await send(SELECT_JPKI);
    await send(SELECT_PIN);
    await send(WRONG_PIN);
    card.reset();
    expect(await send(STATUS_OF_PIN)).toBe("6986");
    await send(SELECT_JPKI);
    await send(SELECT_PIN);
    expect(await send(STATUS_OF_PIN)).toBe("63C2");
    await send(RIGHT_PIN);
    card.reset();
    await send(SELECT_JPKI);
    await send("00A4020C020017");
    expect(await send(SIGN_EMPTY)).toBe("6982");
  });

  it("signs a DigestInfo after the PIN; selecting the application again logs out", async () => {
    await send(SELECT_JPKI);
    await send("00A4020C020017");
    expect(await send(SIGN_EMPTY)).toBe("6982");
    await send(SELECT_PIN);
    await send(RIGHT_PIN);
    expect(await send(SIGN_EMPTY)).toBe("6985");
    await send("00A4020C020017");
    const answer = await send(SIGN_EMPTY);
    expect(answer).toHaveLength(2 * 258);
    const { publicKey } = new X509Certificate(card.certificateDer);
    expect(
      createVerify("sha256")
        .update("")
        .verify(publicKey, fromHex(answer.slice(0, 512))),
    ).toBe(true);
    expect(await send(SIGN_EMPTY.replace("802A0080", "802A9E9A"))).toBe("6A86");
    await send(SELECT_JPKI);
    await send("00A4020C020017");
    expect(await send(SIGN_EMPTY)).toBe("6982");
  });
});

describe("TEST authority", () => {
  it("gives the same person the same certificate at every start, also without its cache", async () => {
    const again = await createTestCa(directory);
    expect(await again.certificate("person-1")).toEqual(card.certificateDer);
    rmSync(join(directory, "certificates"), { recursive: true });
    expect(await again.certificate("person-1")).toEqual(card.certificateDer);
  });

  it("gives another certificate to another person, serial or generation", async () => {
    const certificates = await Promise.all([
      ca.certificate("person-1"),
      ca.certificate("person-2"),
      ca.certificate("person-1", { serial: "4a0b0c0d" }),
      ca.certificate("person-1", { generation: 1 }),
    ]);
    expect(new Set(certificates.map(toHex)).size).toBe(4);
    expect(new X509Certificate(certificates[2] ?? "").serialNumber).toBe("4A0B0C0D");
  });

  it("says TEST in every name, and names nobody", async () => {
    const der = await ca.certificate("person-1");
    for (const certificate of [...ca.anchors(), der].map((bytes) => new X509Certificate(bytes))) {
      expect(certificate.issuer).toContain("TEST");
      expect(certificate.subject).toContain("TEST");
    }
    expect(new X509Certificate(der).subject).toMatch(/^C=JP\nCN=TEST [0-9A-F]{24}$/);
  });

  it("keeps its keys to its owner", () => {
    const home = join(directory, "authority");
    const keys = readdirSync(home).filter((name) => name.endsWith(".pem"));
    expect(keys.length).toBeGreaterThan(4);
    for (const name of keys) expect(statSync(join(home, name)).mode & 0o777, name).toBe(0o600);
  });

  it("is one authority when two processes make it at once", async () => {
    const shared = join(directory, "shared");
    const [first, second] = await Promise.all([createTestCa(shared), createTestCa(shared)]);
    expect(first.anchors()).toEqual(second.anchors());
    expect(readdirSync(shared).filter((name) => name.startsWith(".authority"))).toEqual([]);
  });
});
