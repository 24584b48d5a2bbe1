import type { CardKnowledge, LimitBalance, Ride } from "../session/state.ts";
import { type CardKeys, ENTRY_LIFE_MS, openEntry } from "./card-entries.ts";
import type { JournalDatabase } from "./journal-database.ts";

/** Uses granted in this cab are remembered this long: the life of an entry. */
const USE_KEPT_MS = ENTRY_LIFE_MS;

/** What the terminal remembers of cards for the time without signal. Part of the journal; throws JournalError. */
export class CardMemory {
  readonly #db: JournalDatabase;

  constructor(db: JournalDatabase) {
    this.#db = db;
  }

  /** Keeps the balances of a card; expired ones go. */
  keep(tag: string, sealed: Uint8Array, times: { readonly nowMs: number; readonly expiresAtMs: number }): void {
    this.#db.write(() => {
      this.#db.run("DELETE FROM card_entry WHERE expires_at_ms <= @now", { now: times.nowMs });
      this.#db.run("DELETE FROM card_use WHERE at_ms < @before", { before: times.nowMs - USE_KEPT_MS });
      this.#db.run(
        "INSERT OR REPLACE INTO card_entry (card_tag, sealed, expires_at_ms) VALUES (@tag, @sealed, @expires)",
        { tag, sealed: Buffer.from(sealed), expires: times.expiresAtMs },
      );
    });
  }

  /** What is known of a card that lies here, with the uses granted in this cab since the entry taken off. */
  knownOf(keys: CardKeys, nowMs: number): CardKnowledge {
    return this.#db.read(() => {
      const [row] = this.#db.all("SELECT sealed FROM card_entry WHERE card_tag = @tag AND expires_at_ms > @now", {
        tag: keys.tag,
        now: nowMs,
      });
      const opened = row ? openEntry(keys, row.sealed as unknown as Uint8Array) : null;
      const [used] = this.#db.all(
        `SELECT coalesce(sum(uses), 0) AS uses, coalesce(sum(subsidy_minor), 0) AS money,
           coalesce(sum(iif(offline = 1, uses, 0)), 0) AS offline
         FROM card_use WHERE card_tag = @tag AND at_ms > @since`,
        { tag: keys.tag, since: opened?.asOfMs ?? nowMs - USE_KEPT_MS },
      );
      const spent = (limit: LimitBalance): number => Number(limit.unit === "uses" ? used?.uses : used?.money);
      const limits = (opened?.limits ?? []).map((limit) =>
        limit.per === "ride" ? limit : { ...limit, left: Math.max(0, limit.left - spent(limit)) },
      );
      return { entry: opened ? { ...opened, limits } : null, offlineUses: Number(used?.offline ?? 0) };
    });
  }

  /** Remembers what a confirmed ride granted; called within the journal's own transaction. */
  granted(ride: Ride, atMs: number): void {
    ride.amounts?.riders.forEach((rider, index) => {
      const tag = ride.touches[index]?.cardTag;
      if (!rider.granted || tag === undefined) return;
      this.#db.run(
        `INSERT OR IGNORE INTO card_use (card_tag, ride_id, at_ms, uses, subsidy_minor, offline)
         VALUES (@tag, @id, @at, @uses, @subsidy, @offline)`,
        {
          tag,
          id: ride.rideId,
          at: atMs,
          uses: rider.uses,
          subsidy: rider.subsidyMinor,
          offline: ride.amounts?.offline ? 1 : 0,
        },
      );
    });
  }

  /** A ride was taken back; called within the journal's own transaction. */
  takenBack(rideId: string): void {
    this.#db.run("DELETE FROM card_use WHERE ride_id = @id", { id: rideId });
  }
}
