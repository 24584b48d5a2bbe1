import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startPcsc, type TestPcsc } from "#tests/kit/pcsc.ts";
import { runProgram } from "#tests/kit/run-program.ts";
import { createTestCa, type TestCa } from "./test-ca.ts";
import type { VirtualCard } from "./virtual-card.ts";
import { createVpcdDoor } from "./vpcd-door.ts";

/** OpenSC, which nobody here wrote, must take the simulated card for a My Number Card and use it. */
let directory: string;
let ca: TestCa;
let service: TestPcsc;
let card: VirtualCard;
const door = createVpcdDoor();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "notte-opensc-"));
  ca = await createTestCa(directory);
  service = await startPcsc();
  card = await layNew("person-1");
});
afterAll(async () => {
  await door.lift();
  await service?.stop();
  rmSync(directory, { recursive: true });
});

async function layNew(person: string): Promise<VirtualCard> {
  const laid = await ca.card(person);
  await door.lay(laid);
  // pcscd looks for cards every 400 ms.
  const noticed = async (): Promise<void> => expect((await runProgram("opensc-tool", ["--atr"])).code).toBe(0);
  await vi.waitFor(noticed, { timeout: 30_000, interval: 300 });
  return laid;
}
const sign = (pin: string, input: string, output: string) =>
  runProgram("pkcs11-tool", [
    ...["--slot-index", "0", "--login", "--pin", pin, "--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", "01"],
    ...["--input-file", input, "--output-file", output],
  ]);

describe("OpenSC", () => {
  it("recognises the card", async () => {
    const named = await runProgram("opensc-tool", ["--name"]);
    expect(named).toMatchObject({ code: 0, stdout: expect.stringMatching(/^jpki\s*$/i) });
  });

  it("lists two PINs, two keys and four certificates", async () => {
    const { code, stdout } = await runProgram("pkcs15-tool", ["--dump"]);
    expect(code).toBe(0);
    expect(stdout.match(/^PIN \[/gm)).toHaveLength(2);
    expect(stdout.match(/^Private RSA Key \[/gm)).toHaveLength(2);
    expect(stdout.match(/^X\.509 Certificate \[/gm)).toHaveLength(4);
    expect(stdout.match(/Tries left\s+: (\d)/g)).toEqual(["Tries left     : 3", "Tries left     : 5"]);
  });

  it("reads the same certificate as we do", async () => {
    const { stdout } = await runProgram("pkcs15-tool", ["--read-certificate", "1"]);
    expect(new Uint8Array(new X509Certificate(stdout).raw)).toEqual(card.certificateDer);
  });

  it("signs with the card's key; OpenSSL verifies it with the card's certificate", async () => {
    const [message, signature, key] = ["message", "signature", "key.pem"].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(message, "a nonce of the terminal");
    writeFileSync(key, new X509Certificate(card.certificateDer).publicKey.export({ format: "pem", type: "spki" }));
    expect((await sign("1234", message, signature)).code).toBe(0);
    expect(readFileSync(signature)).toHaveLength(256);
    const verified = await runProgram("openssl", ["dgst", "-sha256", "-verify", key, "-signature", signature, message]);
    expect(verified).toMatchObject({ code: 0, stdout: "Verified OK\n" });
  });

  it("counts wrong PINs down, and a blocked card is still a card", async () => {
    await layNew("person-2");
    const message = join(directory, "message");
    writeFileSync(message, "a nonce of the terminal");
    for (const left of [2, 1, 0]) {
      const refused = await sign("9999", message, join(directory, "unsigned"));
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/CKR_PIN_(INCORRECT|LOCKED)/);
      const { stdout } = await runProgram("pkcs15-tool", ["--list-pins"]);
      expect(stdout).toMatch(new RegExp(`Tries left\\s+: ${left}`));
    }
    expect((await runProgram("opensc-tool", ["--name"])).stdout).toMatch(/^jpki/i);
  });
});
