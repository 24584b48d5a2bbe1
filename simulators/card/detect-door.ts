import { createPcscReader } from "#terminal/devices/pcsc-reader.ts";
import type { ReaderEvent } from "#terminal/devices/reader.ts";
import { isVirtualReaderOpen } from "./pcsc-service.ts";
import { VPCD_DEFAULT, type VpcdAddress } from "./vpcd-door.ts";

/** How a simulated card can be laid on this machine; `note` says why not through PC/SC. */
export interface CardDoor {
  readonly technology: "pcsc" | "simulator";
  readonly note: string | null;
}

const PATIENCE_MS = 2_000;

/**
 * Finds out within `patienceMs` (two seconds) whether cards can be laid on pcscd's virtual reader and read back through PC/SC: the
 * virtual reader listens, the binding is there, the service shows a reader, and no other card lies on it.
 */
export async function detectCardDoor(address: VpcdAddress = VPCD_DEFAULT, patienceMs = PATIENCE_MS): Promise<CardDoor> {
  const startedAt = performance.now();
  const left = (): number => Math.max(1, patienceMs - (performance.now() - startedAt));
  if (!(await isVirtualReaderOpen(address, left()))) {
    return inProcess("pcscd with the virtual reader (vsmartcard-vpcd) does not run here");
  }
  const note = await askReader(left());
  return note === null ? { technology: "pcsc", note: null } : inProcess(note);
}

function inProcess(note: string): CardDoor {
  return { technology: "simulator", note };
}

/** Null when the PC/SC service shows a reader without a card, else what is wrong. */
async function askReader(patienceMs: number): Promise<string | null> {
  const reader = createPcscReader();
  let ready = false;
  let absence: string | null = null;
  try {
    return await new Promise((resolve) => {
      const finish = (): void => resolve(ready ? null : (absence ?? "the PC/SC service does not answer in time"));
      const timer = setTimeout(finish, patienceMs);
      const settle = (note: string | null): void => {
        clearTimeout(timer);
        resolve(note);
      };
      reader.start((event: ReaderEvent) => {
        if (event.kind === "absent") {
          absence = event.reason;
          settle(absence);
        } else if (event.kind === "card-laid") {
          settle("another card lies on the PC/SC reader");
        } else if (event.kind === "ready" && !ready) {
          ready = true;
          // A card that lies there already is announced right after the reader.
          setTimeout(finish, Math.min(patienceMs / 4, 300));
        }
      });
    });
  } finally {
    await reader.close();
  }
}
