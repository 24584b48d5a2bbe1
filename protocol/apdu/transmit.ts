import type { CardChannel } from "./card-channel.ts";
import { CardChannelError } from "./card-channel.ts";
import { type CommandApdu, encodeCommand } from "./command.ts";
import { decodeResponse, type ResponseApdu } from "./response.ts";

/**
 * Sends one command and decodes the answer.
 * @throws CardChannelError as the channel does, and PROTOCOL when the answer has no status word
 */
export async function transmit(channel: CardChannel, command: CommandApdu): Promise<ResponseApdu> {
  const response = decodeResponse(await channel.exchange(encodeCommand(command)));
  if (response === null) throw new CardChannelError("PROTOCOL", "the card answered without a status word");
  return response;
}
