import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createJpkiCard, type JpkiCardState } from "./jpki-card.ts";
import { createPersonCertificate, openAuthority, serialOf, type TestAuthority } from "./test-certificates.ts";
import { loadTestKeys, TEST_AUTHORITIES } from "./test-keys.ts";
import type { CardBehavior, VirtualCard } from "./virtual-card.ts";

/**
 * How a simulated card is issued. Everything has a default that depends on the person alone, so that the same person
 * has the same certificate at every start.
 */
interface IssueOptions {
  /** Hex, positive, at most 16 bytes. Another serial is another certificate: a renewed card. */
  readonly serial?: string;
  /** Epoch ms. Default: the authority's first month is over. */
  readonly notBefore?: number;
  /** Epoch ms. Default: the authority's end, so that a demo does not age (real ones last to the fifth birthday). */
  readonly notAfter?: number;
  /** Which of the two authorities of the same name issues it, or the one for rides long past. Default 2. */
  readonly generation?: 1 | 2 | "past";
}

/** A card in the hand, with PINs and, in front of its own behaviours, faults. */
interface CardOptions extends IssueOptions {
  /** Default 1234. */
  readonly pin?: string;
  /** Default TEST1234. */
  readonly password?: string;
  readonly faults?: readonly CardBehavior<JpkiCardState>[];
}

/** The TEST authority of simulated cards. Its name says TEST; production refuses it. */
export interface TestCa {
  /** Both user-authentication authorities of the card, DER, the older first. They share a name and differ in key. */
  anchors(): Uint8Array[];
  /** The person's user-authentication certificate, DER: about 2 ms when new, then read from disk. */
  certificate(personKey: string, options?: IssueOptions): Promise<Uint8Array>;
  /** The person's card. */
  card(personKey: string, options?: CardOptions): Promise<VirtualCard>;
}

const MONTH_MS = 30 * 86_400_000;

/** Opens the TEST CA of `directory` (e.g. DATA_DIR/test-ca); makes it on the first call, in about a second. */
export async function createTestCa(directory: string): Promise<TestCa> {
  const keys = await loadTestKeys(directory);
  const open = (id: keyof typeof keys.authorities): Promise<TestAuthority> =>
    openAuthority(keys.authorities[id].keyPem, keys.authorities[id].certificate);
  const first = await open("generation-1");
  const second = await open("generation-2");
  const issuers = { 1: first, 2: second, past: await open("past") } as const;
  const signature = await open("signature");
  const cardKeys = keys.cardKeyPems.map((pem) => createPrivateKey(pem));
  const spkis = cardKeys.map((key) => new Uint8Array(createPublicKey(key).export({ format: "der", type: "spki" })));

  const issue = async (purpose: "authentication" | "signature", personKey: string, options: IssueOptions) => {
    const generation = options.generation ?? 2;
    const serialHex = options.serial ?? serialOf(`${purpose}/${personKey}`);
    const file = cacheFile(directory, [purpose, personKey, serialHex, String(generation)]);
    const { validity } = TEST_AUTHORITIES[generation === "past" ? generation : (`generation-${generation}` as const)];
    return cached(file, () =>
      createPersonCertificate(purpose === "signature" ? signature : issuers[generation], {
        subjectId: digestOf(`${purpose}/${personKey}`).slice(0, 24).toUpperCase(),
        serialHex,
        validity: {
          notBefore: options.notBefore ?? validity.notBefore + MONTH_MS,
          notAfter: options.notAfter ?? validity.notAfter,
        },
        publicKeySpki: pick(spkis, personKey, purpose),
      }),
    );
  };

  return {
    anchors: () => [first.certificateDer, second.certificateDer],
    certificate: (personKey, options = {}) => issue("authentication", personKey, options),
    async card(personKey, options = {}) {
      const contents = {
        personKey,
        authenticationCertificate: await issue("authentication", personKey, options),
        authenticationCa: issuers[options.generation ?? 2].certificateDer,
        signatureCertificate: await issue("signature", personKey, {}),
        signatureCa: signature.certificateDer,
        authenticationKey: pick<KeyObject>(cardKeys, personKey, "authentication"),
        signatureKey: pick<KeyObject>(cardKeys, personKey, "signature"),
        pin: options.pin ?? "1234",
        password: options.password ?? "TEST1234",
      };
      return createJpkiCard(contents, options.faults);
    },
  };
}

async function cached(file: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  const der = await make();
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${cacheDrafts++}`;
  await writeFile(draft, der, { mode: 0o600 });
  await rename(draft, file);
  return der;
}
let cacheDrafts = 0;

function cacheFile(directory: string, parts: readonly string[]): string {
  const digest = digestOf(JSON.stringify(parts));
  return join(directory, "certificates", digest.slice(0, 2), `${digest.slice(0, 40)}.cer`);
}

/** The pool's key of a person: always the same one, and a different one for each purpose. */
function pick<T>(pool: readonly T[], personKey: string, purpose: "authentication" | "signature"): T {
  const start = Number.parseInt(digestOf(personKey).slice(0, 8), 16);
  const chosen = pool[(start + (purpose === "signature" ? 1 : 0)) % pool.length];
  if (chosen === undefined) throw new RangeError("the pool of card keys is empty");
  return chosen;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
