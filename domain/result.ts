/** Outcome of an operation whose refusals are expected: a value, never a throw. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** A success. */
export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

/** An expected refusal. */
export function err<E>(error: E): Result<never, E> {
  return { ok: false, error };
}
