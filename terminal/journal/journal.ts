import { fareOf } from "#domain/ride/fare.ts";
import type { ClosedRide, Ride } from "../session/state.ts";
import { CardMemory } from "./card-memory.ts";
import { JournalDatabase } from "./journal-database.ts";
import { JournalError } from "./journal-error.ts";

/** What has to be said to the server. */
export interface OutboxItem {
  readonly id: number;
  readonly kind: "record" | "present" | "cancel" | "reverse";
  readonly reason: string | null;
  readonly attempts: number;
  /** When it was written down; of a reversal, when the ride was taken back. */
  readonly madeAtMs: number;
  readonly ride: Ride;
  /** Key of the ride on the server, once it has answered. */
  readonly rideKey: string | null;
}

/** The server's answer to a confirmed ride. */
export interface JournalAnswer {
  readonly status: string;
  readonly rideKey: string | null;
  readonly position: number | null;
}

/** Rides of this terminal by what is known of them. Reversed rides still count as confirmed. */
export interface JournalCounts {
  readonly confirmed: number;
  readonly answered: number;
  /** Confirmed, not yet answered. */
  readonly waiting: number;
  /** Refused for good by the server, kept for a person. */
  readonly parked: number;
  /** Things still to be said, of any kind. */
  readonly outbox: number;
  /** Subsidy shown to passengers, reversals taken off. */
  readonly subsidyMinor: number;
}

/** How large the journal may grow: confirmed rides that wait for an answer, and answered ones kept for looking back. */
export const JOURNAL_BOUNDS = { waitingRides: 10_000, keptRides: 2_000, receipts: 2_000 } as const;

/** What the passenger is shown for a ride, and what became of it. */
export interface JournalledRide {
  readonly ride: Ride;
  readonly confirmedAtMs: number | null;
  readonly toldAtMs: number | null;
  readonly answeredAtMs: number | null;
  readonly answerStatus: string | null;
}

/** 256 MiB: many times what the bounds above need. */
const MAX_PAGES = 65_536;

/**
 * The terminal's journal: its only truth. Every write is one transaction with fsync (`synchronous = FULL`); a method
 * that returns has written. All methods throw {@link JournalError}.
 */
export class Journal {
  readonly #db: JournalDatabase;
  /** What is remembered of cards for the time without signal. */
  readonly cards: CardMemory;

  /**
   * @param file path, or `:memory:` in tests
   * @param maxPages most pages of 4 KiB the file may take; the rest of the disk is for the system
   * @throws JournalError
   */
  constructor(file: string, maxPages = MAX_PAGES) {
    this.#db = new JournalDatabase(file, maxPages);
    this.cards = new CardMemory(this.#db);
  }

  /** Writes a ride under way as it stands. @throws JournalError FULL when too many rides wait */
  save(ride: Ride, atMs: number): void {
    this.#db.write(() => {
      this.#refuseWhenFull();
      this.#db.run(
        `INSERT INTO ride (ride_id, stage, opened_at_ms, body) VALUES (@id, 'draft', @at, @body)
         ON CONFLICT (ride_id) DO UPDATE SET body = excluded.body WHERE ride.stage = 'draft'`,
        { id: ride.rideId, at: atMs, body: JSON.stringify(ride) },
      );
    });
  }

  /** A ride without any card: nothing of it is kept. */
  drop(rideId: string): void {
    this.#db.write(() => this.#db.run("DELETE FROM ride WHERE ride_id = @id AND stage = 'draft'", { id: rideId }));
  }

  /** The amounts stand: from now on they may be shown, and what the server must hear of them is in the outbox. */
  confirm(ride: Ride, atMs: number, answer: JournalAnswer | null = null): void {
    this.#db.write(() => {
      this.#db.run(
        `INSERT INTO ride (ride_id, stage, opened_at_ms, body, subsidy_minor, confirmed_at_ms, answered_at_ms, answer_status, ride_key, position)
         VALUES (@id, 'confirmed', @at, @body, @subsidy, @at, @answered, @status, @key, @position)
         ON CONFLICT (ride_id) DO UPDATE SET stage = 'confirmed', body = excluded.body,
           subsidy_minor = excluded.subsidy_minor, confirmed_at_ms = excluded.confirmed_at_ms,
           answered_at_ms = excluded.answered_at_ms, answer_status = excluded.answer_status,
           ride_key = excluded.ride_key, position = excluded.position
         WHERE ride.stage = 'draft'`,
        {
          id: ride.rideId,
          at: atMs,
          body: JSON.stringify(ride),
          subsidy: ride.amounts?.subsidyMinor ?? 0,
          answered: ride.status === null ? null : atMs,
          status: ride.status,
          key: answer?.rideKey ?? null,
          position: answer?.position ?? null,
        },
      );
      this.#put(ride.status === null ? "record" : "present", ride.rideId, atMs, null);
      this.cards.granted(ride, atMs);
    });
  }

  /** The amounts were painted on the passenger's screen. */
  told(rideId: string, atMs: number): void {
    this.#db.write(() =>
      this.#db.run("UPDATE ride SET told_at_ms = @at WHERE ride_id = @id AND told_at_ms IS NULL", {
        id: rideId,
        at: atMs,
      }),
    );
  }

  /** The driver said that it was paid. */
  paid(rideId: string, atMs: number): void {
    this.#db.write(() =>
      this.#db.run("UPDATE ride SET closed_at_ms = @at WHERE ride_id = @id", { id: rideId, at: atMs }),
    );
  }

  /** An unpaid ride ended: its holds are to be released. */
  cancel(ride: Ride, reason: string, atMs: number): void {
    this.#db.write(() => {
      this.#db.run("UPDATE ride SET stage = 'cancelled' WHERE ride_id = @id AND stage = 'draft'", { id: ride.rideId });
      this.#put("cancel", ride.rideId, atMs, reason);
    });
  }

  /** A confirmed ride is taken back; it stays confirmed and is reversed on the server after it was recorded there. */
  reverse(ride: Ride, reason: string, atMs: number): void {
    this.#db.write(() => {
      this.#db.run(
        "UPDATE ride SET reversed_at_ms = @at, closed_at_ms = coalesce(closed_at_ms, @at) WHERE ride_id = @id",
        { id: ride.rideId, at: atMs },
      );
      this.cards.takenBack(ride.rideId);
      this.#put("reverse", ride.rideId, atMs, reason);
    });
  }

  /** The driver's own note of a ride that could not be recorded by card. Returns its number. */
  noteByHand(ride: Ride): number {
    return this.#db.write(() => {
      const note = {
        id: ride.rideId,
        reason: ride.byHand,
        boarded: ride.boardedAtMs,
        alighted: ride.fare?.alightedAtMs ?? ride.boardedAtMs,
        fare: ride.fare ? fareOf(ride.fare.components) : 0,
      };
      const { lastInsertRowid } = this.#db.run(
        `INSERT INTO by_hand (ride_id, reason, boarded_at_ms, alighted_at_ms, fare_minor)
         VALUES (@id, @reason, @boarded, @alighted, @fare)`,
        note,
      );
      return Number(lastInsertRowid);
    });
  }

  /** The oldest things to be said, in order; rides alone where nothing else would be heard. */
  outbox(limit: number, only: "all" | "rides" = "all"): readonly OutboxItem[] {
    return this.#db.read(() =>
      this.#db
        .all(
          `SELECT o.id, o.kind, o.reason, o.attempts, o.made_at_ms, r.body, r.ride_key
           FROM outbox o JOIN ride r ON r.ride_id = o.ride_id
           WHERE o.done_at_ms IS NULL AND o.parked_at_ms IS NULL AND (o.kind = 'record' OR @only = 'all')
           ORDER BY o.id LIMIT @limit`,
          { limit, only },
        )
        .map((row) => ({
          id: Number(row.id),
          kind: row.kind as OutboxItem["kind"],
          reason: row.reason as string | null,
          attempts: Number(row.attempts),
          madeAtMs: Number(row.made_at_ms),
          rideKey: row.ride_key as string | null,
          ride: JSON.parse(String(row.body)) as Ride,
        })),
    );
  }

  /** A thing was said and answered. */
  settle(items: readonly { readonly id: number; readonly answer: JournalAnswer | null }[], atMs: number): void {
    this.#db.write(() => {
      for (const { id, answer } of items) {
        this.#db.run("UPDATE outbox SET done_at_ms = @at WHERE id = @id", { id, at: atMs });
        if (!answer) continue;
        this.#db.run(
          `UPDATE ride SET answered_at_ms = @at, answer_status = @status, ride_key = @key, position = @position
           WHERE ride_id = (SELECT ride_id FROM outbox WHERE id = @id)`,
          { id, at: atMs, status: answer.status, key: answer.rideKey, position: answer.position },
        );
      }
      this.#prune();
    });
  }

  /** What the passenger was shown is to be said once more by itself. */
  alsoPresent(rideId: string, atMs: number): void {
    this.#db.write(() => this.#put("present", rideId, atMs, null));
  }

  /** An attempt failed; the code says why. `park`: the server refuses it for good. */
  failed(ids: readonly number[], code: string, options: { readonly atMs: number; readonly park: boolean }): void {
    this.#db.write(() => {
      for (const id of ids) {
        this.#db.run(
          "UPDATE outbox SET attempts = attempts + 1, last_code = @code, parked_at_ms = @parked WHERE id = @id",
          { id, code, parked: options.park ? options.atMs : null },
        );
      }
    });
  }

  /** Keeps a signed receipt of the server. */
  keepReceipt(digest: string, body: unknown): void {
    this.#db.write(() =>
      this.#db.run("INSERT OR IGNORE INTO receipt (digest, body) VALUES (@digest, @body)", {
        digest,
        body: JSON.stringify(body),
      }),
    );
  }

  counts(): JournalCounts {
    return this.#db.read(() => {
      const [row] = this.#db.all(
        `SELECT count(*) AS confirmed, count(answered_at_ms) AS answered,
           coalesce(sum(iif(reversed_at_ms IS NULL, subsidy_minor, 0)), 0) AS subsidy,
           (SELECT count(*) FROM outbox WHERE parked_at_ms IS NOT NULL) AS parked,
           (SELECT count(*) FROM outbox WHERE done_at_ms IS NULL AND parked_at_ms IS NULL) AS outbox
         FROM ride WHERE stage = 'confirmed'`,
        {},
      );
      const pruned = Number(this.setting("pruned-rides") ?? 0);
      const confirmed = Number(row?.confirmed) + pruned;
      const answered = Number(row?.answered) + pruned;
      return {
        confirmed,
        answered,
        waiting: confirmed - answered,
        parked: Number(row?.parked),
        outbox: Number(row?.outbox),
        subsidyMinor: Number(row?.subsidy) + Number(this.setting("pruned-subsidy") ?? 0),
      };
    });
  }

  /** The ride a dead process left behind and the last one paid, if any. */
  found(): { readonly ride: Ride | null; readonly closed: ClosedRide | null } {
    return this.#db.read(() => {
      const [open] = this.#db.all(
        `SELECT body FROM ride WHERE stage <> 'cancelled' AND closed_at_ms IS NULL ORDER BY rowid DESC LIMIT 1`,
        {},
      );
      const [closed] = this.#db.all(
        `SELECT body, closed_at_ms FROM ride WHERE stage = 'confirmed' AND closed_at_ms IS NOT NULL
           AND reversed_at_ms IS NULL ORDER BY rowid DESC LIMIT 1`,
        {},
      );
      return {
        ride: open ? (JSON.parse(String(open.body)) as Ride) : null,
        closed: closed
          ? { ride: JSON.parse(String(closed.body)) as Ride, closedAtMs: Number(closed.closed_at_ms) }
          : null,
      };
    });
  }

  /** The newest confirmed ride, or null. */
  last(): JournalledRide | null {
    return this.rides(1)[0] ?? null;
  }

  /** Confirmed rides, newest first. */
  rides(limit: number): readonly JournalledRide[] {
    return this.#db.read(() =>
      this.#db
        .all("SELECT * FROM ride WHERE stage = 'confirmed' ORDER BY rowid DESC LIMIT @limit", {
          limit,
        })
        .map((row) => ({
          ride: JSON.parse(String(row.body)) as Ride,
          confirmedAtMs: row.confirmed_at_ms as number | null,
          toldAtMs: row.told_at_ms as number | null,
          answeredAtMs: row.answered_at_ms as number | null,
          answerStatus: row.answer_status as string | null,
        })),
    );
  }

  setting(name: string): string | null {
    return this.#db.read(() => {
      const [row] = this.#db.all("SELECT value FROM setting WHERE name = @name", { name });
      return row ? String(row.value) : null;
    });
  }

  set(name: string, value: string): void {
    this.#db.write(() =>
      this.#db.run("INSERT OR REPLACE INTO setting (name, value) VALUES (@name, @value)", { name, value }),
    );
  }

  /** Closes the file. */
  close(): void {
    this.#db.close();
  }

  #put(kind: OutboxItem["kind"], rideId: string, atMs: number, reason: string | null): void {
    this.#db.run("INSERT OR IGNORE INTO outbox (kind, ride_id, reason, made_at_ms) VALUES (@kind, @id, @reason, @at)", {
      kind,
      id: rideId,
      reason,
      at: atMs,
    });
  }

  #refuseWhenFull(): void {
    const [row] = this.#db.all(
      "SELECT count(*) AS waiting FROM ride WHERE stage = 'confirmed' AND answered_at_ms IS NULL",
      {},
    );
    if (Number(row?.waiting) >= JOURNAL_BOUNDS.waitingRides) {
      throw new JournalError("FULL", `${JOURNAL_BOUNDS.waitingRides} rides wait for an answer of the server`);
    }
  }

  /** Old rides about which everything was said go; their number and sum stay. */
  #prune(): void {
    const done = `stage = 'confirmed' AND answered_at_ms IS NOT NULL AND closed_at_ms IS NOT NULL
      AND ride_id NOT IN (SELECT ride_id FROM outbox WHERE done_at_ms IS NULL)`;
    const old = `SELECT rowid FROM ride WHERE ${done} ORDER BY rowid DESC LIMIT -1 OFFSET @kept`;
    const kept = JOURNAL_BOUNDS.keptRides;
    const [row] = this.#db.all(
      `SELECT count(*) AS rides, coalesce(sum(iif(reversed_at_ms IS NULL, subsidy_minor, 0)), 0) AS subsidy
       FROM ride WHERE rowid IN (${old})`,
      { kept },
    );
    if (Number(row?.rides) === 0) return;
    this.#add("pruned-rides", Number(row?.rides));
    this.#add("pruned-subsidy", Number(row?.subsidy));
    this.#db.run(`DELETE FROM ride WHERE rowid IN (${old})`, { kept });
    this.#db.run(
      "DELETE FROM ride WHERE stage = 'cancelled' AND ride_id NOT IN (SELECT ride_id FROM outbox WHERE done_at_ms IS NULL)",
      {},
    );
    this.#db.run("DELETE FROM outbox WHERE ride_id NOT IN (SELECT ride_id FROM ride)", {});
    this.#db.run("DELETE FROM receipt WHERE id <= (SELECT max(id) FROM receipt) - @kept", {
      kept: JOURNAL_BOUNDS.receipts,
    });
  }

  #add(name: string, amount: number): void {
    this.#db.run("INSERT OR REPLACE INTO setting (name, value) VALUES (@name, @value)", {
      name,
      value: String(Number(this.setting(name) ?? 0) + amount),
    });
  }
}
