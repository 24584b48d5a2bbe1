import { describe, expect, it } from "vitest";
import { type CardChannel, CardChannelError } from "../apdu/card-channel.ts";
import { concatBytes, fromHex, toHex } from "../bytes.ts";
import { readUserAuthenticationCertificate } from "./read-certificate.ts";

const SELECT_JPKI = "00A4040C0AD392F000260100000001";
const SELECT_CERTIFICATE = "00A4020C02000A";

/** A certificate-shaped file of `length` bytes: 30 82 LL LL and counting bytes. */
function fileOf(length: number): Uint8Array {
  const body = Uint8Array.from({ length: length - 4 }, (_, index) => index % 251);
  return concatBytes(Uint8Array.of(0x30, 0x82, (length - 4) >> 8, (length - 4) & 0xff), body);
}

/** Answers from a list of command and answer hex, strictly in order; keeps what was sent. */
function scripted(lines: readonly (readonly [string, string | CardChannelError])[]): CardChannel & { sent: string[] } {
  const sent: string[] = [];
  return {
    sent,
    async exchange(command) {
      const [expected, answer] = lines[sent.length] ?? ["nothing more", ""];
      sent.push(toHex(command));
      if (toHex(command) !== expected) throw new Error(`expected ${expected}, got ${toHex(command)}`);
      if (typeof answer !== "string") throw answer;
      return fromHex(answer);
    },
  };
}

const ok = (bytes: Uint8Array): string => `${toHex(bytes)}9000`;

describe("reading the user-authentication certificate", () => {
  it("sends exactly these commands for a file of 600 bytes", async () => {
    const file = fileOf(600);
    const channel = scripted([
      [SELECT_JPKI, "9000"],
      [SELECT_CERTIFICATE, "9000"],
      ["00B0000004", "308202549000"],
      ["00B0000400", ok(file.slice(4, 260))],
      ["00B0010400", ok(file.slice(260, 516))],
      ["00B0020454", ok(file.slice(516, 600))],
    ]);
    expect(await readUserAuthenticationCertificate(channel)).toEqual({ ok: true, value: file });
    expect(channel.sent).toHaveLength(6);
  });

  it.each(["6A82", "6D00", "6E00"])("takes %s on the AID for another card", async (status) => {
    const channel = scripted([[SELECT_JPKI, status]]);
    expect(await readUserAuthenticationCertificate(channel)).toMatchObject({ error: { code: "NOT_MY_NUMBER_CARD" } });
  });

  it.each([
    ["a fault of the card on the AID", [[SELECT_JPKI, "6F00"]], "CARD_FAULT"],
    [
      "no EF 000A",
      [
        [SELECT_JPKI, "9000"],
        [SELECT_CERTIFICATE, "6A82"],
      ],
      "CARD_FAULT",
    ],
    [
      "not DER",
      [
        [SELECT_JPKI, "9000"],
        [SELECT_CERTIFICATE, "9000"],
        ["00B0000004", "000000009000"],
      ],
      "CARD_FAULT",
    ],
    [
      "an empty file",
      [
        [SELECT_JPKI, "9000"],
        [SELECT_CERTIFICATE, "9000"],
        ["00B0000004", "308200009000"],
      ],
      "CARD_FAULT",
    ],
    [
      "an absurd length",
      [
        [SELECT_JPKI, "9000"],
        [SELECT_CERTIFICATE, "9000"],
        ["00B0000004", "3082FFFF9000"],
      ],
      "CARD_FAULT",
    ],
    [
      "a refused read",
      [
        [SELECT_JPKI, "9000"],
        [SELECT_CERTIFICATE, "9000"],
        ["00B0000004", "6982"],
      ],
      "CARD_FAULT",
    ],
    [
      "a card that was reset",
      [
        [SELECT_JPKI, "9000"],
        [SELECT_CERTIFICATE, "9000"],
        ["00B0000004", "6986"],
      ],
      "TORN_READ",
    ],
    [
      "a short answer",
      [
        [SELECT_JPKI, "9000"],
        [SELECT_CERTIFICATE, "9000"],
        ["00B0000004", "30829000"],
      ],
      "TORN_READ",
    ],
    [
      "a torn later chunk",
      [
        [SELECT_JPKI, "9000"],
        [SELECT_CERTIFICATE, "9000"],
        ["00B0000004", "308200109000"],
        ["00B0000410", "009000"],
      ],
      "TORN_READ",
    ],
    ["an answer without status word", [[SELECT_JPKI, "90"]], "TORN_READ"],
  ] as const)("reports %s", async (_name, lines, code) => {
    expect(await readUserAuthenticationCertificate(scripted(lines))).toMatchObject({ ok: false, error: { code } });
  });

  it.each(["CARD_REMOVED", "TIMEOUT", "PROTOCOL"] as const)("takes %s for a torn read", async (code) => {
    const channel = scripted([
      [SELECT_JPKI, "9000"],
      [SELECT_CERTIFICATE, new CardChannelError(code, "as scripted")],
    ]);
    expect(await readUserAuthenticationCertificate(channel)).toMatchObject({ error: { code: "TORN_READ" } });
  });

  it("leaves a lost reader and broken programs to the caller", async () => {
    const gone = scripted([[SELECT_JPKI, new CardChannelError("READER_GONE", "as scripted")]]);
    await expect(readUserAuthenticationCertificate(gone)).rejects.toMatchObject({ code: "READER_GONE" });
    const broken = { exchange: () => Promise.reject(new TypeError("broken")) };
    await expect(readUserAuthenticationCertificate(broken)).rejects.toBeInstanceOf(TypeError);
  });
});
