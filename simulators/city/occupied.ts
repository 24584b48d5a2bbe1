import type { Resident } from "../people/residents.ts";

/** Who is out when, so that nobody sits in two taxis at once. One instance a day. */
export class Occupied {
  readonly #spans = new Map<number, { readonly from: number; readonly to: number }[]>();

  /** True when the resident is not out between the two instants. */
  isFree(resident: Resident, fromMs: number, toMs: number): boolean {
    return !this.#spans.get(resident.index)?.some((span) => fromMs <= span.to && toMs >= span.from);
  }

  /** Marks a resident as out. */
  take(resident: Resident, fromMs: number, toMs: number): void {
    const spans = this.#spans.get(resident.index);
    if (spans) spans.push({ from: fromMs, to: toMs });
    else this.#spans.set(resident.index, [{ from: fromMs, to: toMs }]);
  }
}
