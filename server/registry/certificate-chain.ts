import { X509Certificate } from "node:crypto";
import { err, ok, type Result } from "#domain/result.ts";
import type { EvidenceRefusal } from "./verifier-port.ts";

/** A trusted authority: its certificate and the time it may speak for. */
export interface TrustAnchor {
  readonly certificate: X509Certificate;
  readonly validFromMs: number;
  readonly validUntilMs: number;
}

/** A certificate of a person whose signature by an anchor has been verified: nothing here identifies the person. */
export interface VerifiedCertificate {
  /** The certificate's validity, cut to its authority's (epoch ms, inclusive). */
  readonly validFromMs: number;
  readonly validUntilMs: number;
}

/**
 * Reads a DER authority certificate.
 * @throws TypeError when it is none
 */
export function parseAnchor(der: Uint8Array): TrustAnchor {
  const certificate = parseCertificate(der);
  if (certificate?.ca !== true) throw new TypeError("a trust anchor must be a CA certificate in DER");
  return { certificate, ...validityOf(certificate) };
}

/** True for the authorities of simulated cards, which say TEST in their name. */
export function isTestAnchor(anchor: TrustAnchor): boolean {
  return anchor.certificate.subject.split("\n").some((part) => /^[A-Z]+=TEST\b/.test(part));
}

/**
 * Verifies that `der` is a certificate of a person issued by one of `anchors`. Two authorities may share a name
 * (generations of one CA): the issuer is found by key identifier and proved by signature, never by name alone.
 */
export function verifyCertificate(
  der: Uint8Array,
  anchors: readonly TrustAnchor[],
): Result<VerifiedCertificate, EvidenceRefusal> {
  const certificate = parseCertificate(der);
  if (certificate === null || certificate.ca) {
    return err({ code: "NOT_A_CARD_CERTIFICATE", message: "not an end-entity X.509 certificate" });
  }
  const anchor = anchors.find((candidate) => isIssuedBy(certificate, candidate.certificate));
  if (anchor === undefined) return err({ code: "UNTRUSTED_AUTHORITY", message: "issued by no trusted authority" });
  const validity = validityOf(certificate);
  return ok({
    validFromMs: Math.max(validity.validFromMs, anchor.validFromMs),
    validUntilMs: Math.min(validity.validUntilMs, anchor.validUntilMs),
  });
}

/** `checkIssued` compares names, key identifiers and key usage; `verify` the signature. */
function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function parseCertificate(der: Uint8Array): X509Certificate | null {
  try {
    const certificate = new X509Certificate(der);
    // OpenSSL also reads PEM and ignores trailing bytes; a card certificate is exactly its DER.
    return certificate.raw.length === der.length && certificate.raw.equals(der) ? certificate : null;
  } catch {
    return null;
  }
}

function validityOf(certificate: X509Certificate): { validFromMs: number; validUntilMs: number } {
  // Text such as "Oct 20 00:00:00 2015 GMT": X509Certificate has dates as values only from Node 22 on.
  return { validFromMs: Date.parse(certificate.validFrom), validUntilMs: Date.parse(certificate.validTo) };
}
