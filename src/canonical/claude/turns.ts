import type { Item } from "../request.ts";
import { warnOnce, type Warning } from "../warning.ts";

/** Whose turn an item belongs to. */
export function roleOf(item: Item): "user" | "assistant" | "system" {
  switch (item.type) {
    case "message":
      return item.role === "developer" ? "system" : item.role;
    case "opaque":
      return item.role;
    case "tool_result":
      return "user";
    default:
      return "assistant";
  }
}

/** The text of a final block of the assistant without white space at its end, which Claude refuses. */
export function trimmedEnd(text: string, warnings: Warning[]): string {
  const trimmed = text.trimEnd();
  if (trimmed !== text) {
    const message = "white space at the end of the last assistant message was left out";
    warnOnce(warnings, "changed_field", "messages", message);
  }
  return trimmed;
}
