import type { ReaderEvent, ReaderPort } from "#terminal/devices/reader.ts";

type EventOf<Kind extends ReaderEvent["kind"]> = Extract<ReaderEvent, { readonly kind: Kind }>;

/** What a reader said, in order; tests wait for the next event of a kind. */
export interface ReaderWatch {
  readonly events: readonly ReaderEvent[];
  /**
   * The next event of `kind` that no earlier call has taken.
   * @throws Error when none comes in time
   */
  next<Kind extends ReaderEvent["kind"]>(kind: Kind, timeoutMs?: number): Promise<EventOf<Kind>>;
}

/** Starts `reader` and keeps what it says. */
export function watchReader(reader: ReaderPort): ReaderWatch {
  const events: ReaderEvent[] = [];
  const waiting = new Set<() => void>();
  let taken = 0;
  reader.start((event) => {
    events.push(event);
    for (const look of [...waiting]) look();
  });
  const find = <Kind extends ReaderEvent["kind"]>(kind: Kind): EventOf<Kind> | null => {
    const index = events.findIndex((event, position) => position >= taken && event.kind === kind);
    if (index < 0) return null;
    taken = index + 1;
    return events[index] as EventOf<Kind>;
  };
  return {
    events,
    next(kind, timeoutMs = 40_000) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const found = find(kind);
          if (found === null) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no "${kind}" within ${timeoutMs} ms; saw ${events.map((event) => event.kind).join(", ")}`));
        }, timeoutMs);
        waiting.add(look);
        look();
      });
    },
  };
}
