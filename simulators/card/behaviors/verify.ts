import { STATUS } from "#protocol/apdu/status-word.ts";
import type { JpkiCardState, PinState } from "../jpki-card.ts";
import { type CardBehavior, statusOnly } from "../virtual-card.ts";

/**
 * VERIFY and its status form. The status is 63Cx even after a correct PIN, and a blocked PIN answers 63C0: OpenSC 0.23
 * takes 6983 for an unsupported card.
 */
export const verifyBehavior: CardBehavior<JpkiCardState> = {
  name: "verify",
  handle(command, state) {
    if (command.cla !== 0x00 || command.ins !== 0x20) return null;
    const pin = state.selectedFile === null ? undefined : state.pins.get(state.selectedFile);
    if (pin === undefined) return statusOnly(STATUS.NO_FILE_SELECTED);
    if (command.data.length === 0) return statusOnly(triesLeft(pin));
    if (pin.triesLeft === 0) return statusOnly(triesLeft(pin));
    pin.verified = new TextDecoder("latin1").decode(command.data) === pin.value;
    pin.triesLeft = pin.verified ? pin.maxTries : pin.triesLeft - 1;
    return statusOnly(pin.verified ? STATUS.OK : triesLeft(pin));
  },
};

function triesLeft(pin: PinState): number {
  return 0x63c0 | pin.triesLeft;
}
