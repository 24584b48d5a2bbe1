import type { Journal } from "./journal.ts";

const SALT_BYTES = 32;

/** The random salt of this terminal's card tags, made once. @throws JournalError */
export function cardSalt(journal: Journal, random: (length: number) => Uint8Array): Uint8Array {
  const kept = journal.setting("card-salt");
  if (kept !== null) return Buffer.from(kept, "base64");
  const made = random(SALT_BYTES);
  journal.set("card-salt", Buffer.from(made).toString("base64"));
  return made;
}
