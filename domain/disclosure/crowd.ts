/** Fewer different people than this are never told. */
export const LEAST_PEOPLE = 10;

/** True when rides may be told of together: ten different people or more, and none of them in more than half. */
export function isCrowd(peopleOfRides: readonly (readonly string[])[]): boolean {
  const times = new Map<string, number>();
  for (const people of peopleOfRides) for (const person of people) times.set(person, (times.get(person) ?? 0) + 1);
  return times.size >= LEAST_PEOPLE && Math.max(...times.values()) * 2 <= peopleOfRides.length;
}
