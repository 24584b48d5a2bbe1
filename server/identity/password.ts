import { hash, type Options, verify } from "@node-rs/argon2";

/** `Algorithm.Argon2id` of the library, whose const enum cannot be imported under isolated modules. */
const ARGON2ID = 2;

/** Parameters of OWASP's password storage sheet for argon2id: 19 MiB, 2 passes, 1 lane. Stored with salt in every hash. */
const PARAMETERS: Options = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The argon2id hash of a password in PHC form, with a fresh salt. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password, PARAMETERS);
}

/** A hash no password is known for: an unknown login costs as long as a known one. */
let nobody: Promise<string> | undefined;

/** True when `password` belongs to `passwordHash`. With null the same work is done and the answer is false. */
export async function isPasswordRight(password: string, passwordHash: string | null): Promise<boolean> {
  nobody ??= hashPassword("no account has this password");
  const matches = await verify(passwordHash ?? (await nobody), password);
  return passwordHash !== null && matches;
}
