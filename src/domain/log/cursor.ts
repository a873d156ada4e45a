import { Buffer } from "node:buffer";
import type { LogPlace } from "./port.ts";

/** A place as an opaque text for clients, safe in URLs. */
export function encodeCursor(place: LogPlace): string {
  return Buffer.from(JSON.stringify([place.time, place.id])).toString("base64url");
}

/** The place in a cursor, or null when the text is no cursor of `encodeCursor`. */
export function decodeCursor(cursor: string): LogPlace | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (!Array.isArray(value) || value.length !== 2) return null;
    const [time, id] = value as [unknown, unknown];
    return typeof time === "number" && typeof id === "string" ? { time, id } : null;
  } catch {
    return null;
  }
}
