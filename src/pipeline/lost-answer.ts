import type { Part } from "../canonical/content.ts";
import type { Dialect } from "../canonical/dialect.ts";
import { isJsonObject, type JsonObject } from "../canonical/json.ts";
import type { DialectName } from "../canonical/names.ts";
import type { Item } from "../canonical/request.ts";
import type { ChatResponse } from "../canonical/response.ts";
import type { StreamPart } from "../canonical/stream-part.ts";
import { warnOnce, type Warning } from "../canonical/warning.ts";

/**
 * Warns of what an answer holds that clients of a dialect are not shown: what only its provider's dialect knows (calls of tools
 * that it ran itself, blocks of new types), and media where the dialect's answers are text.
 */
export function warnLostAnswer({ candidates }: ChatResponse, dialect: Dialect, warnings: Warning[]): void {
  for (const { items } of candidates) for (const item of items) warnLostItem(item, dialect, warnings);
}

/** The same for a part of a stream. */
export function warnLostPart(part: StreamPart, dialect: Dialect, warnings: Warning[]): void {
  if (part.type === "opaque_item") warnOpaque(part.dialect, part.value, dialect, warnings);
  else if (part.type === "media") warnContent(part.media, dialect, warnings);
}

function warnLostItem(item: Item, dialect: Dialect, warnings: Warning[]): void {
  if (item.type === "opaque") warnOpaque(item.dialect, item.value, dialect, warnings);
  else if (item.type === "message") for (const part of item.content) warnContent(part, dialect, warnings);
}

function warnContent(part: Part, dialect: Dialect, warnings: Warning[]): void {
  if (part.type === "opaque") return warnOpaque(part.dialect, part.value, dialect, warnings);
  if (part.type === "text" || part.type === "refusal" || dialect.answersInText !== true) return;
  warnOnce(warnings, "dropped_content", `output.${part.type}`, `answers of ${dialect.name} hold no ${part.type}`);
}

function warnOpaque(maker: DialectName, value: JsonObject, { name }: Dialect, warnings: Warning[]): void {
  if (maker === name) return;
  const kind = kindOf(value);
  warnOnce(warnings, "dropped_content", `output.${kind}`, `${name} has no form for ${kind} of ${maker}`);
}

/** The word by which its own dialect calls it: a `type`, or the field that holds it (Gemini, Converse). */
function kindOf(value: JsonObject): string {
  if (typeof value["type"] === "string") return value["type"];
  const held = isJsonObject(value["part"]) ? value["part"] : value;
  return Object.keys(held).find((key) => isJsonObject(held[key])) ?? "item";
}
