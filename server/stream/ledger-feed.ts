import { LEDGER_FEED_KEEPS } from "#protocol/stream/events.ts";
import { readHead, readNewestEvents } from "./event-log.ts";
import { type FeedSource, isTooOld } from "./feed-source.ts";
import { ledgerLine } from "./ledger-projection.ts";

/** Feed `ledger`: the newest entries of the log itself. */
export const ledgerFeed: FeedSource = {
  reader: null,
  position: (sql, key) => readHead(sql, key.municipality),
  async snapshot(sql, key) {
    const upTo = await readHead(sql, key.municipality);
    const events = await readNewestEvents(sql, key.municipality, { upTo, limit: LEDGER_FEED_KEEPS });
    return { feed: "ledger", entries: events.map(ledgerLine) };
  },
  epoch: () => "",
  canResume: async (_sql, _key, range) => !isTooOld(range),
  async changes(sql, key, range) {
    const limit = Math.min(range.to - range.from, LEDGER_FEED_KEEPS);
    const events = limit > 0 ? await readNewestEvents(sql, key.municipality, { upTo: range.to, limit }) : [];
    return {
      feed: "ledger",
      fromPosition: range.from,
      toPosition: range.to,
      entries: events.map(ledgerLine).reverse(),
    };
  },
  isIdle: (changes) => changes.feed === "ledger" && changes.entries.length === 0,
};
