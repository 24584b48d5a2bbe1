import "reflect-metadata";
import { createHash, createPrivateKey, createPublicKey, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** RSA-2048 with SHA-256, as the certificates of the card in use until the next generation. */
const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

/** A signing key and certificate of a TEST authority. */
export interface TestAuthority {
  readonly certificateDer: Uint8Array;
  readonly issuer: x509.X509Certificate;
  readonly signingKey: webcrypto.CryptoKey;
}

/** When a certificate is valid (epoch ms, both inclusive in whole seconds). */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Distinguished name of both TEST user-authentication authorities: like the real ones, two generations share it. */
export const AUTHENTICATION_CA_NAME =
  "C=JP, O=TEST JPKI, OU=TEST JPKI for user authentication, OU=TEST authority of simulated cards";
/** Distinguished name of the TEST authority for cards of rides long past. */
export const PAST_CA_NAME = "C=ZZ, O=TEST cards, OU=TEST authority of simulated cards for past rides";
/** Distinguished name of the TEST signature authority. */
export const SIGNATURE_CA_NAME =
  "C=JP, O=TEST JPKI, OU=TEST JPKI for digital signature, OU=TEST authority of simulated cards";

/** Certificate policy in the arc reserved for examples (ITU-T X.660, 2.999). */
const TEST_POLICY = "2.999.1";

/** A self-signed authority certificate, DER. */
export async function createAuthorityCertificate(
  privateKeyPem: string,
  options: { readonly name: string; readonly serialHex: string; readonly validity: Validity },
): Promise<Uint8Array> {
  const signingKey = await importSigningKey(privateKeyPem);
  const publicKey = await importPublicKey(privateKeyPem);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: options.serialHex,
    subject: options.name,
    issuer: options.name,
    notBefore: new Date(options.validity.notBefore),
    notAfter: new Date(options.validity.notAfter),
    signingAlgorithm: ALGORITHM,
    signingKey,
    publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return new Uint8Array(certificate.rawData);
}

/** An authority ready to issue. */
export async function openAuthority(privateKeyPem: string, certificateDer: Uint8Array): Promise<TestAuthority> {
  const issuer = new x509.X509Certificate(new Uint8Array(certificateDer));
  return { certificateDer, issuer, signingKey: await importSigningKey(privateKeyPem) };
}

/**
 * A person's certificate, DER. Names nobody: the subject is an opaque id. The same input gives the same bytes
 * (PKCS#1 v1.5 signatures are deterministic).
 */
export async function createPersonCertificate(
  authority: TestAuthority,
  options: {
    readonly subjectId: string;
    readonly serialHex: string;
    readonly validity: Validity;
    readonly publicKeySpki: Uint8Array;
  },
): Promise<Uint8Array> {
  const publicKey = await webcrypto.subtle.importKey("spki", options.publicKeySpki, ALGORITHM, true, ["verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: options.serialHex,
    subject: `C=JP, CN=TEST ${options.subjectId}`,
    issuer: authority.issuer.subject,
    notBefore: new Date(options.validity.notBefore),
    notAfter: new Date(options.validity.notAfter),
    signingAlgorithm: ALGORITHM,
    signingKey: authority.signingKey,
    publicKey,
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(authority.issuer.publicKey),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      new x509.CertificatePolicyExtension([TEST_POLICY], true),
    ],
  });
  return new Uint8Array(certificate.rawData);
}

/** Four bytes of positive serial number in hex, derived from `text`. */
export function serialOf(text: string): string {
  const digest = createHash("sha256").update(`serial/${text}`).digest();
  digest[0] = ((digest[0] ?? 0) & 0x3f) | 0x40;
  return digest.subarray(0, 4).toString("hex");
}

async function importSigningKey(privateKeyPem: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = createPrivateKey(privateKeyPem).export({ format: "der", type: "pkcs8" });
  return webcrypto.subtle.importKey("pkcs8", pkcs8, ALGORITHM, false, ["sign"]);
}

async function importPublicKey(privateKeyPem: string): Promise<webcrypto.CryptoKey> {
  const spki = createPublicKey(privateKeyPem).export({ format: "der", type: "spki" });
  return webcrypto.subtle.importKey("spki", spki, ALGORITHM, true, ["verify"]);
}
