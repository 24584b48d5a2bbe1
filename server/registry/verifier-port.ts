import type { Assurance } from "#domain/card/assurance.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import type { Result } from "#domain/result.ts";

/**
 * Where card evidence becomes a token. In production this is the city's or an accredited operator's service
 * (the Act on public personal authentication names who may verify); everything else in the server sees tokens only.
 */
export interface Verifier {
  /** The public half that terminals seal evidence to. */
  readonly sealingKey: { readonly keyId: string; readonly publicKeySpki: Uint8Array };
  /**
   * Opens sealed evidence (docs/protocols/evidence.md), verifies the certificate's chain and its validity at `atMs`
   * (the time of the ride, epoch ms), and makes the token. Never rejects for what the evidence holds: that is a value.
   */
  open(municipality: MunicipalityId, sealed: Uint8Array, atMs: number): Promise<Result<VerifiedCard, EvidenceRefusal>>;
  /** The token of a certificate presented in clear at the city's counter (linking a card). Same checks as `open`. */
  tokenOf(municipality: MunicipalityId, certificateDer: Uint8Array): Result<CardToken, EvidenceRefusal>;
}

/** The index value of a card: an HMAC under a versioned key in city custody. Says nothing without that key. */
export interface CardToken {
  /** 32 bytes. */
  readonly token: Uint8Array;
  readonly keyVersion: number;
  /** Last instant at which the card's certificate is valid (epoch ms). */
  readonly validUntilMs: number;
}

/** A card whose evidence was read and whose certificate comes from a trusted authority. */
interface VerifiedCard extends CardToken {
  readonly assurance: Assurance;
  /** When the terminal read the card (epoch ms, the terminal's clock). */
  readonly readAtMs: number;
  /** `needs-renewal`: the certificate (or its authority) was not valid at the time asked for. */
  readonly card: "good" | "needs-renewal";
}

const EVIDENCE_REFUSALS = [
  /** Not the format, cut short, or sealed for another municipality or key: nothing can be said about the card. */
  "UNREADABLE",
  /** Sealed to a verifier key this verifier does not hold (any more). */
  "UNKNOWN_KEY",
  /** Opened, but what is inside is no X.509 certificate or not one of a person. */
  "NOT_A_CARD_CERTIFICATE",
  /** A certificate of no trusted authority. */
  "UNTRUSTED_AUTHORITY",
] as const;

/** Why evidence gives no token. The message is for developers and names no person and no certificate. */
export interface EvidenceRefusal {
  readonly code: (typeof EVIDENCE_REFUSALS)[number];
  readonly message: string;
}
