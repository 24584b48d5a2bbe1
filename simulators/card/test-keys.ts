import { generateKeyPair, randomUUID } from "node:crypto";
import { access, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  AUTHENTICATION_CA_NAME,
  createAuthorityCertificate,
  PAST_CA_NAME,
  SIGNATURE_CA_NAME,
} from "./test-certificates.ts";

/**
 * The authorities of the TEST CA: two generations of one name, one for cards of rides before there was such a card, and
 * the one for signature certificates.
 */
export const TEST_AUTHORITIES = {
  "generation-1": {
    name: AUTHENTICATION_CA_NAME,
    serialHex: "01",
    validity: { notBefore: Date.UTC(2015, 9, 20), notAfter: Date.UTC(2025, 9, 19, 14, 59, 59) },
  },
  "generation-2": {
    name: AUTHENTICATION_CA_NAME,
    serialHex: "06d18006",
    validity: { notBefore: Date.UTC(2023, 6, 16), notAfter: Date.UTC(2033, 6, 15, 14, 59, 59) },
  },
  past: {
    name: PAST_CA_NAME,
    serialHex: "03",
    validity: { notBefore: Date.UTC(2005, 0, 1), notAfter: Date.UTC(2033, 6, 15, 14, 59, 59) },
  },
  signature: {
    name: SIGNATURE_CA_NAME,
    serialHex: "02",
    validity: { notBefore: Date.UTC(2015, 9, 20), notAfter: Date.UTC(2033, 6, 15, 14, 59, 59) },
  },
} as const;
type TestAuthorityId = keyof typeof TEST_AUTHORITIES;
const AUTHORITY_IDS = Object.keys(TEST_AUTHORITIES) as TestAuthorityId[];

/** Simulated cards share a few RSA keys: making one takes a tenth of a second, a city has thousands of cards. */
const CARD_KEY_POOL = 4;

/** Folder of the user-authentication authorities: what a demo server trusts, and nothing else. */
const ANCHORS = "anchors";

/** Where a demo server finds the authorities of simulated cards. */
export function testAnchorsDirectory(directory: string): string {
  return join(directory, "authority", ANCHORS);
}

function certificateFile(id: TestAuthorityId): string {
  return id === "signature" ? "signature.cer" : join(ANCHORS, `${id}.cer`);
}

/** Keys and authority certificates as read from the directory. */
export interface TestKeys {
  readonly authorities: Readonly<
    Record<TestAuthorityId, { readonly keyPem: string; readonly certificate: Uint8Array }>
  >;
  readonly cardKeyPems: readonly string[];
}

/** Reads the TEST CA's keys, made on the first call (about a second). Safe when two processes start at once. */
export async function loadTestKeys(directory: string): Promise<TestKeys> {
  const home = join(directory, "authority");
  try {
    return await readKeys(home);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const draft = join(directory, `.authority-${randomUUID()}`);
  await makeKeys(draft);
  try {
    await rename(draft, home);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!isOccupied(error)) throw error;
    // Another process was first, or an earlier version left fewer authorities: what is there counts.
    await addMissingAuthorities(home);
  }
  return readKeys(home);
}

async function makeKeys(home: string): Promise<void> {
  await mkdir(join(home, ANCHORS), { recursive: true, mode: 0o700 });
  const makeCardKey = async (index: number): Promise<void> =>
    writeFile(join(home, `card-${index}.key.pem`), await makeRsaKey(), { mode: 0o600 });
  await Promise.all([
    ...AUTHORITY_IDS.map((id) => makeAuthority(home, id)),
    ...Array.from({ length: CARD_KEY_POOL }, (_, i) => makeCardKey(i)),
  ]);
}

async function addMissingAuthorities(home: string): Promise<void> {
  for (const id of AUTHORITY_IDS) {
    try {
      await access(join(home, certificateFile(id)));
    } catch (error) {
      if (!isMissing(error)) throw error;
      await makeAuthority(home, id);
    }
  }
}

async function makeAuthority(home: string, id: TestAuthorityId): Promise<void> {
  const keyPem = await makeRsaKey();
  await writeFile(join(home, `${id}.key.pem`), keyPem, { mode: 0o600 });
  const certificate = await createAuthorityCertificate(keyPem, TEST_AUTHORITIES[id]);
  await writeFile(join(home, certificateFile(id)), certificate, { mode: 0o600 });
}

async function readKeys(home: string): Promise<TestKeys> {
  const readAuthority = async (id: TestAuthorityId) => ({
    keyPem: await readFile(join(home, `${id}.key.pem`), "utf8"),
    certificate: new Uint8Array(await readFile(join(home, certificateFile(id)))),
  });
  const authorities = {
    "generation-1": await readAuthority("generation-1"),
    "generation-2": await readAuthority("generation-2"),
    past: await readAuthority("past"),
    signature: await readAuthority("signature"),
  };
  const cardKeys = Array.from({ length: CARD_KEY_POOL }, (_, index) => join(home, `card-${index}.key.pem`));
  return { authorities, cardKeyPems: await Promise.all(cardKeys.map((file) => readFile(file, "utf8"))) };
}

async function makeRsaKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return privateKey;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function isOccupied(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "EEXIST");
}
