import { constants, privateEncrypt } from "node:crypto";
import { STATUS } from "#protocol/apdu/status-word.ts";
import { JPKI_FILES, JPKI_SIGN } from "#protocol/jpki/application.ts";
import type { JpkiCardState } from "../jpki-card.ts";
import { type CardBehavior, statusOnly } from "../virtual-card.ts";

const PIN_OF_KEY: ReadonlyMap<number, number> = new Map([
  [JPKI_FILES.USER_AUTHENTICATION_KEY, JPKI_FILES.USER_AUTHENTICATION_PIN],
  [JPKI_FILES.SIGNATURE_KEY, JPKI_FILES.SIGNATURE_PASSWORD],
]);

/** Longest data PKCS#1 v1.5 pads into a 2048-bit block. */
const MAX_DIGEST_INFO = 245;

/** COMPUTE DIGITAL SIGNATURE: the data is a DER DigestInfo, the card pads it (PKCS#1 v1.5 type 1) and signs. */
export const signBehavior: CardBehavior<JpkiCardState> = {
  name: "sign",
  handle(command, state) {
    if (command.cla !== JPKI_SIGN.cla || command.ins !== JPKI_SIGN.ins) return null;
    if (command.p1 !== JPKI_SIGN.p1 || command.p2 !== JPKI_SIGN.p2) return statusOnly(STATUS.WRONG_P1_P2);
    const file = state.selectedFile;
    const key = file === null ? undefined : state.keys.get(file);
    const pinFile = file === null ? undefined : PIN_OF_KEY.get(file);
    if (key === undefined || pinFile === undefined) return statusOnly(STATUS.CONDITIONS_NOT_SATISFIED);
    if (state.pins.get(pinFile)?.verified !== true) return statusOnly(STATUS.SECURITY_NOT_SATISFIED);
    if (command.data.length === 0 || command.data.length > MAX_DIGEST_INFO) return statusOnly(STATUS.WRONG_LENGTH);
    const signature = privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, command.data);
    return { data: new Uint8Array(signature), status: STATUS.OK };
  },
};
