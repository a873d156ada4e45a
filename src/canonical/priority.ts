/** Who goes first where there is not room for all, best first. */
export const PRIORITIES = ["high", "normal", "low"] as const;

export type Priority = (typeof PRIORITIES)[number];

/** The priority of this name; null: there is none. Case does not matter. */
export function priorityNamed(name: string): Priority | null {
  const wanted = name.trim().toLowerCase();
  return PRIORITIES.find((known) => known === wanted) ?? null;
}

/** The lower one of two. */
export function lowerOf(one: Priority, other: Priority): Priority {
  return PRIORITIES.indexOf(one) > PRIORITIES.indexOf(other) ? one : other;
}
