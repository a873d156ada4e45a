import type { CacheMarker, ImagePart, Part } from "../content.ts";
import type { Opaque } from "../opaque.ts";
import type { Item, MessageItem, ReasoningItem } from "../request.ts";
import { addWarning, type Warning } from "../warning.ts";
import type { Turn } from "./turns.ts";

/**
 * What a conversation says in words; the rest becomes warnings. Images are put into `images` where a model takes them beside
 * the words.
 */
export function encodeTurns(items: readonly Item[], warnings: Warning[], images?: ImagePart[]): Turn[] {
  return items.flatMap((item, at) => encodeItem(item, `messages[${at}]`, warnings, images));
}

function encodeItem(item: Item, path: string, warnings: Warning[], images?: ImagePart[]): Turn[] {
  if (item.type === "message") return encodeMessage(item, path, warnings, images);
  if (item.type === "reasoning") {
    if (item.text !== "" || item.summary.length > 0) drop(warnings, path, "reasoning");
    noteState(item, path, warnings);
  } else dropItem(item, path, warnings);
  return [];
}

/** With an item goes all that is in it. */
function dropItem(item: Exclude<Item, MessageItem | ReasoningItem>, path: string, warnings: Warning[]): void {
  drop(warnings, path, item.type === "opaque" ? "content of one maker" : item.type.replace("_", " "));
  if (item.type === "opaque") return;
  noteCache(item, warnings);
  if (item.type === "tool_call") noteState(item, path, warnings);
  else for (const part of item.content) if (part.type !== "refusal") noteCache(part, warnings);
}

function noteState({ opaque }: { opaque?: Opaque }, path: string, warnings: Warning[]): void {
  if (opaque === undefined) return;
  addWarning(warnings, { code: "dropped_opaque", field: path, message: "state of another maker was left out" });
}

function noteCache({ cache }: { cache?: CacheMarker }, warnings: Warning[]): void {
  if (cache === undefined) return;
  const message = "this model's body has no cache markers";
  addWarning(warnings, { code: "unsupported_field", field: "cache_control", message });
}

function encodeMessage(
  { role, content, name }: MessageItem,
  path: string,
  warnings: Warning[],
  images?: ImagePart[],
): Turn[] {
  if (name !== undefined) drop(warnings, `${path}.name`, "name");
  const texts = content.flatMap((part, at) => encodePart(part, `${path}.content[${at}]`, warnings, images));
  if (texts.length === 0) return [];
  return [{ role: role === "developer" ? "system" : role, text: texts.join(role === "assistant" ? "" : "\n") }];
}

function encodePart(part: Part, path: string, warnings: Warning[], images?: ImagePart[]): string[] {
  if (part.type === "refusal") return [part.text];
  noteCache(part, warnings);
  if (part.type === "image" && images !== undefined) {
    images.push(part);
    return [];
  }
  if (part.type !== "text") {
    drop(warnings, path, part.type);
    return [];
  }
  noteState(part, path, warnings);
  if ((part.citations ?? []).length > 0) drop(warnings, `${path}.citations`, "citations");
  return [part.text];
}

function drop(warnings: Warning[], field: string, what: string): void {
  addWarning(warnings, {
    code: "dropped_content",
    field,
    message: `the body of this model holds text only: ${what} was left out`,
  });
}
