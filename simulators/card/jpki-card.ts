import type { KeyObject } from "node:crypto";
import { fromHex } from "#protocol/bytes.ts";
import { JPKI_FILES } from "#protocol/jpki/application.ts";
import { readBinaryBehavior } from "./behaviors/read-binary.ts";
import { selectBehavior } from "./behaviors/select.ts";
import { signBehavior } from "./behaviors/sign.ts";
import { verifyBehavior } from "./behaviors/verify.ts";
import { type CardBehavior, createVirtualCard, type VirtualCard } from "./virtual-card.ts";

/** A PIN or password of the simulated card. */
export interface PinState {
  readonly value: string;
  readonly maxTries: number;
  triesLeft: number;
  verified: boolean;
}

/** What the chip holds and remembers. */
export interface JpkiCardState {
  /** True after SELECT of the JPKI application. */
  applicationSelected: boolean;
  /** The selected elementary file. */
  selectedFile: number | null;
  readonly files: ReadonlyMap<number, Uint8Array>;
  readonly pins: ReadonlyMap<number, PinState>;
  readonly keys: ReadonlyMap<number, KeyObject>;
}

/** What a simulated card is issued with. */
export interface JpkiCardContents {
  readonly personKey: string;
  readonly authenticationCertificate: Uint8Array;
  readonly authenticationCa: Uint8Array;
  readonly signatureCertificate: Uint8Array;
  readonly signatureCa: Uint8Array;
  readonly authenticationKey: KeyObject;
  readonly signatureKey: KeyObject;
  /** Four digits. */
  readonly pin: string;
  /** 6 to 16 upper-case letters and digits. */
  readonly password: string;
}

/** A contactless ATR as a real card's reader reports it (list of pcsc-tools; docs/protocols/card.md §1). */
const JPKI_ATR: Uint8Array = fromHex("3B888001000005E0B381A1007F");

const PIN_TRIES = 3;
const PASSWORD_TRIES = 5;

/**
 * A My Number Card with the JPKI application alone. `faults` are asked before the card's own behaviours.
 */
export function createJpkiCard(
  contents: JpkiCardContents,
  faults: readonly CardBehavior<JpkiCardState>[] = [],
): VirtualCard {
  const state: JpkiCardState = {
    applicationSelected: false,
    selectedFile: null,
    files: filesOf(contents),
    pins: new Map([
      [JPKI_FILES.USER_AUTHENTICATION_PIN, createPin(contents.pin, PIN_TRIES)],
      [JPKI_FILES.SIGNATURE_PASSWORD, createPin(contents.password, PASSWORD_TRIES)],
    ]),
    keys: new Map([
      [JPKI_FILES.USER_AUTHENTICATION_KEY, contents.authenticationKey],
      [JPKI_FILES.SIGNATURE_KEY, contents.signatureKey],
    ]),
  };
  return createVirtualCard({
    personKey: contents.personKey,
    atr: JPKI_ATR,
    certificateDer: contents.authenticationCertificate,
    state,
    behaviors: [...faults, selectBehavior, readBinaryBehavior, verifyBehavior, signBehavior],
    reset: resetCard,
  });
}

function resetCard(state: JpkiCardState): void {
  state.applicationSelected = false;
  state.selectedFile = null;
  for (const pin of state.pins.values()) pin.verified = false;
}

function createPin(value: string, maxTries: number): PinState {
  return { value, maxTries, triesLeft: maxTries, verified: false };
}

function filesOf(contents: JpkiCardContents): ReadonlyMap<number, Uint8Array> {
  const token = new TextEncoder().encode("JPKIAPICCTOKEN".padEnd(32, " "));
  const empty = new Uint8Array(0);
  return new Map([
    [JPKI_FILES.SIGNATURE_CERTIFICATE, contents.signatureCertificate],
    [JPKI_FILES.SIGNATURE_CA_CERTIFICATE, contents.signatureCa],
    [JPKI_FILES.TOKEN, token],
    [JPKI_FILES.USER_AUTHENTICATION_CERTIFICATE, contents.authenticationCertificate],
    [JPKI_FILES.USER_AUTHENTICATION_CA_CERTIFICATE, contents.authenticationCa],
    [JPKI_FILES.USER_AUTHENTICATION_KEY, empty],
    [JPKI_FILES.USER_AUTHENTICATION_PIN, empty],
    [JPKI_FILES.SIGNATURE_KEY, empty],
    [JPKI_FILES.SIGNATURE_PASSWORD, empty],
  ]);
}
