import { ok, type Result } from "#domain/result.ts";
import { type CardChannel, CardChannelError } from "../apdu/card-channel.ts";
import { readBinary, selectApplication, selectFile } from "../apdu/iso-commands.ts";
import { describeStatus, meansNoSuchApplication, STATUS } from "../apdu/status-word.ts";
import { transmit } from "../apdu/transmit.ts";
import { concatBytes } from "../bytes.ts";
import { JPKI_AID, JPKI_FILES, JPKI_MAX_CERTIFICATE, JPKI_READ_CHUNK } from "./application.ts";

/** Why a card gave no certificate. */
const CARD_READ_REFUSALS = [
  /** The card has no JPKI application: a licence, a transit card, another city's card. */
  "NOT_MY_NUMBER_CARD",
  /** The card was lifted or lost power while it was read. Laying it again helps. */
  "TORN_READ",
  /** The card answered, but not what the card of this profile answers. Laying it again does not help. */
  "CARD_FAULT",
] as const;

/** Why a card gave no certificate. The message is for developers; it holds status words, never card data. */
export interface CardReadRefusal {
  readonly code: (typeof CARD_READ_REFUSALS)[number];
  readonly message: string;
}

/**
 * Reads the user-authentication certificate (DER) without a PIN (docs/protocols/card.md §3): SELECT the application
 * and EF 000A, the four bytes `30 82 LL LL`, then the rest in chunks. Selects nothing else.
 * @throws CardChannelError READER_GONE when the reader itself is lost
 */
export async function readUserAuthenticationCertificate(
  channel: CardChannel,
): Promise<Result<Uint8Array, CardReadRefusal>> {
  try {
    return await readCertificate(channel);
  } catch (error) {
    if (!(error instanceof CardChannelError) || error.code === "READER_GONE") throw error;
    return refuse("TORN_READ", `${error.code}: ${error.message}`);
  }
}

async function readCertificate(channel: CardChannel): Promise<Result<Uint8Array, CardReadRefusal>> {
  const application = await transmit(channel, selectApplication(JPKI_AID));
  if (meansNoSuchApplication(application.status)) {
    return refuse("NOT_MY_NUMBER_CARD", `SELECT application: ${describeStatus(application.status)}`);
  }
  if (application.status !== STATUS.OK) {
    return refuse("CARD_FAULT", `SELECT application: ${describeStatus(application.status)}`);
  }
  const file = await transmit(channel, selectFile(JPKI_FILES.USER_AUTHENTICATION_CERTIFICATE));
  if (file.status !== STATUS.OK) return refuse("CARD_FAULT", `SELECT EF 000A: ${describeStatus(file.status)}`);
  const head = await readPart(channel, 0, 4);
  if (!head.ok) return head;
  const total = certificateLength(head.value);
  if (total === null) return refuse("CARD_FAULT", "EF 000A does not begin with 30 82 LL LL of a plausible length");
  const parts = [head.value];
  for (let offset = 4; offset < total; offset += JPKI_READ_CHUNK) {
    const part = await readPart(channel, offset, Math.min(JPKI_READ_CHUNK, total - offset));
    if (!part.ok) return part;
    parts.push(part.value);
  }
  return ok(concatBytes(...parts));
}

async function readPart(
  channel: CardChannel,
  offset: number,
  length: number,
): Promise<Result<Uint8Array, CardReadRefusal>> {
  const response = await transmit(channel, readBinary(offset, length));
  // A card that lost power and came back has forgotten the selected file.
  if (response.status === STATUS.NO_FILE_SELECTED)
    return refuse("TORN_READ", `READ BINARY at ${offset}: card was reset`);
  if (response.status !== STATUS.OK) {
    return refuse("CARD_FAULT", `READ BINARY at ${offset}: ${describeStatus(response.status)}`);
  }
  if (response.data.length !== length) {
    return refuse("TORN_READ", `READ BINARY at ${offset}: ${response.data.length} of ${length} bytes`);
  }
  return ok(response.data);
}

/** Whole length of a DER value that begins `30 82 LL LL`, or null. */
function certificateLength(head: Uint8Array): number | null {
  const [tag, form, high, low] = head;
  if (tag !== 0x30 || form !== 0x82 || high === undefined || low === undefined) return null;
  const total = ((high << 8) | low) + 4;
  return total > 4 && total <= JPKI_MAX_CERTIFICATE ? total : null;
}

function refuse(
  code: CardReadRefusal["code"],
  message: string,
): { readonly ok: false; readonly error: CardReadRefusal } {
  return { ok: false, error: { code, message } };
}
