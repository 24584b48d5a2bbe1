import type { InProcessReason } from "#protocol/demo/control.ts";
import { createPcscReader } from "#terminal/devices/pcsc-reader.ts";
import type { ReaderEvent, ReaderPort } from "#terminal/devices/reader.ts";
import { createInProcessReader } from "../card/in-process-reader.ts";
import { openPcscService, type PcscService } from "../card/pcsc-service.ts";
import type { VirtualCard } from "../card/virtual-card.ts";
import { createVpcdDoor } from "../card/vpcd-door.ts";

/** How the simulated cab's cards reach its reader. */
export interface CabDoor {
  readonly reader: ReaderPort;
  /** Why the in-process reader is used, as a code for screens and in English for logs; null on PC/SC. */
  readonly reason: InProcessReason | null;
  readonly note: string | null;
  lay(card: VirtualCard): Promise<void>;
  lift(): Promise<void>;
  close(): Promise<void>;
}

const READER_START_MS = 5_000;

/**
 * The real PC/SC service with the virtual reader of vsmartcard where both are there (started here when this process
 * may), otherwise the in-process reader with the reason. Rejects when `signal` aborts, and leaves nothing behind then.
 */
export async function openCabDoor(wish: "auto" | "in-process", signal: AbortSignal): Promise<CabDoor> {
  if (wish === "in-process")
    return inProcessDoor({ code: "ASKED_FOR", detail: null }, "the in-process card was asked for");
  const found = await openPcscService(signal);
  if (!found.ok) {
    signal.throwIfAborted();
    return inProcessDoor(found.reason, found.why);
  }
  const port = createPcscReader();
  const relay = createRelay(port);
  const ready = await relay.firstState(READER_START_MS, signal);
  const isVirtual = ready?.kind === "ready" && ready.name.includes("Virtual PCD");
  if (isVirtual && !signal.aborted) return pcscDoor(relay.reader, found.service);
  await port.close();
  await found.service.stop();
  signal.throwIfAborted();
  const why =
    ready?.kind === "absent" ? ready.reason : ready ? `another reader is connected (${ready.name})` : "no reader";
  const reason: InProcessReason =
    ready?.kind === "ready" ? { code: "OTHER_READER", detail: ready.name } : { code: "NO_READER", detail: null };
  return inProcessDoor(reason, why);
}

function pcscDoor(reader: ReaderPort, service: PcscService): CabDoor {
  const door = createVpcdDoor();
  return {
    reader,
    reason: null,
    note: null,
    lay: (card) => door.lay(card),
    lift: () => door.lift(),
    async close() {
      await door.lift();
      await reader.close();
      await service.stop();
    },
  };
}

function inProcessDoor(reason: InProcessReason, note: string): CabDoor {
  const reader = createInProcessReader();
  return {
    reader,
    reason,
    note,
    lay: async (card) => reader.lay(card),
    lift: async () => reader.lift(),
    close: async () => undefined,
  };
}

/** A reader port that was started already: keeps the last state until somebody listens. */
function createRelay(port: ReaderPort) {
  let listener: ((event: ReaderEvent) => void) | null = null;
  let last: Extract<ReaderEvent, { kind: "ready" | "absent" }> | null = null;
  let told: () => void = () => {};
  port.start((event) => {
    if (event.kind === "ready" || event.kind === "absent") {
      last = event;
      told();
    }
    listener?.(event);
  });
  return {
    /** The first word of the reader; an `absent` is given the whole time to turn into `ready`. */
    async firstState(timeoutMs: number, signal: AbortSignal) {
      const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      while (last?.kind !== "ready" && !over.aborted) {
        await new Promise<void>((resolve) => {
          told = resolve;
          over.addEventListener("abort", () => resolve(), { once: true });
        });
      }
      return last as Extract<ReaderEvent, { kind: "ready" | "absent" }> | null;
    },
    reader: {
      technology: "pcsc",
      start(given) {
        listener = given;
        if (last) given(last);
      },
      close: () => port.close(),
    } satisfies ReaderPort,
  };
}
