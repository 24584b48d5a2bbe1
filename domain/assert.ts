/** Thrown when an invariant of the program is broken; the process that sees it must stop. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** States an invariant. Throws {@link InvariantError} when it does not hold. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Marks a branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${JSON.stringify(value)}`);
}
