import { assert } from "#domain/assert.ts";
import type { EntitlementId } from "#domain/ids.ts";
import type { PeriodKind } from "#domain/usage/balance.ts";

/** One usage counter, changed in memory while its row is locked. */
export interface Usage {
  readonly entitlementId: EntitlementId;
  readonly kind: PeriodKind;
  readonly key: number;
  uses: number;
  heldUses: number;
  moneyMinor: number;
  isChanged: boolean;
  /** True while it has no row. */
  readonly isNew: boolean;
}

/** Names a counter. */
export interface UsageKey {
  readonly entitlementId: EntitlementId;
  readonly kind: PeriodKind;
  readonly key: number;
}

/** Text form of a counter's name. */
export function usageKeyText({ entitlementId, kind, key }: UsageKey): string {
  return `${entitlementId} ${kind} ${key}`;
}

/** The locked usage counters of a batch. */
export class UsageBook {
  readonly #counters: ReadonlyMap<string, Usage>;

  constructor(counters: readonly Usage[]) {
    this.#counters = new Map(counters.map((counter) => [usageKeyText(counter), counter]));
  }

  /** A counter; it must have been locked. */
  get(key: UsageKey): Usage {
    const counter = this.#counters.get(usageKeyText(key));
    assert(counter !== undefined, `usage counter was not locked: ${key.kind} ${key.key}`);
    return counter;
  }

  /** Adds to a counter. A counter below zero is an error in the program. */
  add(
    key: UsageKey,
    delta: { readonly uses?: number; readonly heldUses?: number; readonly moneyMinor?: number },
  ): void {
    const counter = this.get(key);
    counter.uses += delta.uses ?? 0;
    counter.heldUses += delta.heldUses ?? 0;
    counter.moneyMinor += delta.moneyMinor ?? 0;
    assert(counter.uses >= 0 && counter.heldUses >= 0 && counter.moneyMinor >= 0, "a usage counter fell below zero");
    counter.isChanged = true;
  }

  /** Counters that differ from their rows. */
  changed(): readonly Usage[] {
    return [...this.#counters.values()].filter((counter) => counter.isChanged);
  }
}
