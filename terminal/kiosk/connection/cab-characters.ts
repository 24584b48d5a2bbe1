import { CAB_WORD_NAMES, cabWord } from "#ui/messages/cab-words.ts";
import { MESSAGES } from "#ui/messages/catalogue.ts";
import { DRIVER_WORD_NAMES, driverWord } from "#ui/messages/driver-words.ts";

/** Signs of formats and of the keys that stand in no catalogue. */
const FORMAT_SIGNS = "0123456789,.:−%$円回人時分月日午前後正半もう一度日本語やさしいEN";

/** Every character of the cab's own texts, once. */
export const CAB_CHARACTERS = [
  ...new Set([
    ...FORMAT_SIGNS,
    ...JSON.stringify(MESSAGES),
    ...CAB_WORD_NAMES.flatMap((name) => [...String(cabWord(name, "ja")), ...String(cabWord(name, "easy"))]),
    ...DRIVER_WORD_NAMES.flatMap((name) => [...String(driverWord(name, "ja"))]),
  ]),
].join("");
