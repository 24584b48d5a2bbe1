import { readCard } from "#terminal/devices/card-driver.ts";
import { jpkiDriver } from "#terminal/devices/jpki-driver.ts";
import { type SealingTarget, sealEvidence } from "#terminal/seal-evidence.ts";
import type { VirtualCard } from "../card/virtual-card.ts";

/** A simulated card did not give what a terminal reads from it. */
export class TouchError extends Error {
  override readonly name = "TouchError";
}

/**
 * Lays a simulated card: the terminal's own driver reads it over APDUs, and what it read is sealed as the terminal
 * seals it. Returns the sealed bytes in base64.
 * @throws TouchError when the card cannot be read
 */
export async function readEvidence(card: VirtualCard, target: SealingTarget, readAtMs: number): Promise<string> {
  card.reset();
  const reading = await readCard({ exchange: (command) => card.exchange(command) }, [jpkiDriver]);
  if (!reading.ok) throw new TouchError(`${reading.error.code}: ${reading.error.message}`);
  const { kind, body, assurance } = reading.value;
  return Buffer.from(sealEvidence({ kind, body, assurance, readAtMs }, target)).toString("base64");
}
