const MAX_SHOWN = 80;

/** A scalar for a message: texts quoted, and cut when they are long. */
export function showValue(value: unknown): string {
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
}
