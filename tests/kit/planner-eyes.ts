import type { Page } from "playwright-core";
import { freeTaxis } from "#protocol/stream/events.ts";

/** One event or answer that came over a live connection. */
export interface Seen {
  readonly name: string;
  readonly data: unknown;
  /** On the test's monotonic clock. */
  readonly arrivedMs: number;
}

/** Everything that a planner's connection may ever carry, by the names of its fields. */
const PLANNER_FIELDS: ReadonlySet<string> = new Set([
  ...["ok", "code", "cursor", "snapshot", "changes", "feed", "fromPosition", "toPosition", "picture"],
  ...["at", "day", "ridesToday", "refusedToday", "ridesTotal"],
  ...["subsidyToldMinor", "subsidyToldRides", "subsidyToldUpTo", "rides"],
  ...["pulses", "zoneId", "quarterStart", "taxis", "taxiKey", "latE6", "lngE6"],
]);
/** Fields of a place; only free taxis have one. */
const PLACE_FIELDS = ["taxiKey", "latE6", "lngE6"];

/**
 * What a planner's connection carried and must not: fields that no picture has, places that are no free taxi's, and
 * words of the ride (its key, its tag, its vehicle). Empty when all is well.
 */
export function strangeToPlanners(seen: readonly Seen[], words: readonly string[]): readonly string[] {
  return seen.flatMap(({ name, data }) => {
    const text = JSON.stringify(data) ?? "";
    const fields = [...fieldsOf(data)];
    return [
      ...fields.filter((field) => !PLANNER_FIELDS.has(field)).map((field) => `${name} has ${field}`),
      ...fields
        .filter((field) => name !== "taxis" && PLACE_FIELDS.includes(field))
        .map((field) => `${name} has ${field}`),
      ...words.filter((word) => text.includes(word)).map((word) => `${name} says ${word}`),
    ];
  });
}

/** The free taxis a connection was told, message by message. */
export function taxiMessages(seen: readonly Seen[]) {
  return seen.flatMap(({ name, data }) => (name === "taxis" ? [freeTaxis.parse(data)] : []));
}

function* fieldsOf(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [field, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) yield field;
    yield* fieldsOf(inner);
  }
}

/** Listens to everything a page is told over the live stream; each connection apart. */
export function watchLiveStream(page: Page): { connections(): readonly (readonly Seen[])[] } {
  const byConnection = new Map<string, Seen[]>();
  const take = (url: string, packets: string): void => {
    const { pathname, searchParams } = new URL(url);
    if (!pathname.startsWith("/socket.io")) return;
    const id = `${url.split("?")[0]} ${searchParams.get("sid") ?? ""}`.replace(/^(ws|http)/, "");
    const known = byConnection.get(id) ?? [];
    byConnection.set(id, known);
    for (const packet of packets.split("\x1e")) known.push(...eventOf(packet));
  };
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => take(socket.url(), payload.toString()));
  });
  page.on("response", (response) => {
    if (!response.url().includes("/socket.io/")) return;
    response.text().then(
      (text) => take(response.url(), text),
      // The answer to a request that the page gave up has no body.
      () => undefined,
    );
  });
  return { connections: () => [...byConnection.values()] };
}

/** An event (`42/live,["name",data]`) or an answer (`43/live,7[data]`) of socket.io; other packets carry nothing. */
function eventOf(packet: string): readonly Seen[] {
  const found = /^4([23])\/live,\d*(\[.*)$/s.exec(packet);
  if (!found) return [];
  const content = JSON.parse(found[2] as string) as unknown[];
  const arrivedMs = performance.now();
  return found[1] === "3"
    ? [{ name: "answer", data: content[0], arrivedMs }]
    : [{ name: String(content[0]), data: content[1], arrivedMs }];
}
