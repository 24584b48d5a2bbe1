import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Private and public half of a server key. `keyId` is the first 16 hex digits of the SHA-256 of the public SPKI. */
export interface KeyPair {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKeySpki: Uint8Array;
}

/** The keys one server holds. In a city's installation verifier and token key belong to the verifier alone. */
export interface ServerKeys {
  /** Ed25519: signs receipts. */
  readonly receipt: KeyPair;
  /** X25519: terminals seal card evidence to it. */
  readonly verifier: KeyPair;
  /** HMAC key of card tokens, newest version. */
  readonly token: { readonly version: number; readonly key: Uint8Array };
  /** True for keys made by a demo start; production refuses them. */
  readonly demo: boolean;
}

/** Keys that cannot be used; the message is one clear sentence. */
export class KeysError extends Error {
  override readonly name = "KeysError";
  readonly code: "MISSING" | "UNREADABLE" | "DEMO_KEYS";
  constructor(code: KeysError["code"], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

const FILE = "keys.json";
const base64 = z.base64().min(1);
const keysDocument = z.strictObject({
  format: z.literal("notte.keys.v1"),
  demo: z.boolean(),
  receipt: base64,
  verifier: base64,
  token: z.strictObject({ version: z.int().min(1), key: base64 }),
});
type KeysDocument = z.infer<typeof keysDocument>;

/** Fresh random keys as a document. */
function makeKeys(demo: boolean): KeysDocument {
  const pkcs8 = (key: KeyObject): string => key.export({ format: "der", type: "pkcs8" }).toString("base64");
  return {
    format: "notte.keys.v1",
    demo,
    receipt: pkcs8(generateKeyPairSync("ed25519").privateKey),
    verifier: pkcs8(generateKeyPairSync("x25519").privateKey),
    token: { version: 1, key: randomBytes(32).toString("base64") },
  };
}

function keyPair(pkcs8: string, type: "ed25519" | "x25519"): KeyPair {
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8, "base64"), format: "der", type: "pkcs8" });
  if (privateKey.asymmetricKeyType !== type) throw new TypeError(`not an ${type} key`);
  const publicKeySpki = new Uint8Array(createPublicKey(privateKey).export({ format: "der", type: "spki" }));
  const keyId = createHash("sha256").update(publicKeySpki).digest("hex").slice(0, 16);
  return { keyId, privateKey, publicKeySpki };
}

function openDocument(document: KeysDocument): ServerKeys {
  return {
    receipt: keyPair(document.receipt, "ed25519"),
    verifier: keyPair(document.verifier, "x25519"),
    token: { version: document.token.version, key: new Uint8Array(Buffer.from(document.token.key, "base64")) },
    demo: document.demo,
  };
}

function readKeys(directory: string): ServerKeys | null {
  const file = join(directory, FILE);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new KeysError("UNREADABLE", `The keys in ${file} cannot be read.`, cause);
  }
  try {
    return openDocument(keysDocument.parse(JSON.parse(text)));
  } catch (cause) {
    throw new KeysError("UNREADABLE", `${file} is not a keys file of Notte.`, cause);
  }
}

/**
 * Writes fresh keys into `directory`, readable by this user alone. Never replaces existing ones.
 * @throws KeysError UNREADABLE when the file exists or cannot be written
 */
export function writeKeys(directory: string, { demo }: { readonly demo: boolean }): ServerKeys {
  const document = makeKeys(demo);
  const file = join(directory, FILE);
  try {
    if (!existsSync(directory)) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      // A umask takes away bits the owner needs, too.
      chmodSync(directory, 0o700);
    }
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    chmodSync(file, 0o600);
  } catch (cause) {
    throw new KeysError("UNREADABLE", `The keys cannot be written to ${file}: ${(cause as Error).message}.`, cause);
  }
  return openDocument(document);
}

/**
 * The demo's keys: made at the first start and kept in `directory`; in memory only when it is null.
 * @throws KeysError
 */
export function demoKeys(directory: string | null): ServerKeys {
  if (directory === null) return openDocument(makeKeys(true));
  return readKeys(directory) ?? writeKeys(directory, { demo: true });
}

/**
 * Keys of a production server. Demo keys are refused.
 * @throws KeysError
 */
export function productionKeys(directory: string): ServerKeys {
  const keys = readKeys(directory);
  if (!keys) {
    throw new KeysError(
      "MISSING",
      `There are no keys in ${directory}; make them with \`npm run start:server -- make-keys ${directory}\`.`,
    );
  }
  if (keys.demo) {
    throw new KeysError("DEMO_KEYS", `The keys in ${directory} were made by a demo and are refused in production.`);
  }
  return keys;
}
