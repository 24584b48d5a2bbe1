import { STATUS } from "#protocol/apdu/status-word.ts";
import { equalBytes } from "#protocol/bytes.ts";
import { JPKI_AID } from "#protocol/jpki/application.ts";
import type { JpkiCardState } from "../jpki-card.ts";
import { type CardBehavior, statusOnly } from "../virtual-card.ts";

/** SELECT. Every foreign AID gets 6A82: one stray 9000 and OpenSC takes the card for another. */
export const selectBehavior: CardBehavior<JpkiCardState> = {
  name: "select",
  handle(command, state) {
    if (command.cla !== 0x00 || command.ins !== 0xa4) return null;
    if (command.p1 === 0x04) {
      if (!equalBytes(command.data, JPKI_AID)) return statusOnly(STATUS.NOT_FOUND);
      state.applicationSelected = true;
      state.selectedFile = null;
      // Selecting the application again logs out.
      for (const pin of state.pins.values()) pin.verified = false;
      return statusOnly(STATUS.OK);
    }
    const [high, low] = command.data;
    if (command.p1 !== 0x02 || high === undefined || low === undefined) return statusOnly(STATUS.NOT_FOUND);
    const file = (high << 8) | low;
    if (!state.applicationSelected || !state.files.has(file)) return statusOnly(STATUS.NOT_FOUND);
    state.selectedFile = file;
    return statusOnly(STATUS.OK);
  },
};
