import { STATUS } from "#protocol/apdu/status-word.ts";
import { JPKI_FILES } from "#protocol/jpki/application.ts";
import type { JpkiCardState } from "../jpki-card.ts";
import { type CardBehavior, statusOnly } from "../virtual-card.ts";

/** READ BINARY with a 15-bit offset. The signature certificate opens only after its password. */
export const readBinaryBehavior: CardBehavior<JpkiCardState> = {
  name: "read-binary",
  handle(command, state) {
    if (command.cla !== 0x00 || command.ins !== 0xb0) return null;
    if (state.selectedFile === null) return statusOnly(STATUS.NO_FILE_SELECTED);
    const password = state.pins.get(JPKI_FILES.SIGNATURE_PASSWORD);
    if (state.selectedFile === JPKI_FILES.SIGNATURE_CERTIFICATE && password?.verified !== true) {
      return statusOnly(STATUS.SECURITY_NOT_SATISFIED);
    }
    const file = state.files.get(state.selectedFile) ?? new Uint8Array(0);
    const offset = ((command.p1 & 0x7f) << 8) | command.p2;
    if (command.p1 > 0x7f || offset >= file.length) return statusOnly(STATUS.OFFSET_OUTSIDE_FILE);
    return { data: file.slice(offset, offset + (command.expected ?? 0)), status: STATUS.OK };
  },
};
