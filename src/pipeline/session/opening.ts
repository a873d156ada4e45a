import type { Part, Source } from "../../canonical/content.ts";
import type { ChatRequest, Item } from "../../canonical/request.ts";

/** Of media, more than this says nothing further of which it is. */
const MEDIA_LENGTH = 4096;

/**
 * A hash of how a conversation begins, which later turns repeat: its tools, its system messages up to the first message of the
 * user, and that; null: it has no such message. The same in every thread and process.
 */
export function openingOf({ items, tools }: ChatRequest): string | null {
  let hash = 0n;
  for (const tool of tools) {
    if (tool.type !== "function" && tool.type !== "custom") continue;
    hash = Bun.hash.wyhash(tool.name, hash);
    if (tool.description !== undefined) hash = Bun.hash.wyhash(tool.description, hash);
  }
  for (const item of items) {
    if (item.type !== "message") continue;
    hash = hashItem(item, hash);
    if (item.role === "user") return hash.toString(36);
  }
  return null;
}

function hashItem({ role, content }: Extract<Item, { type: "message" }>, seed: bigint): bigint {
  let hash = Bun.hash.wyhash(role, seed);
  for (const part of content) hash = Bun.hash.wyhash(textOf(part), hash);
  return hash;
}

function textOf(part: Part): string {
  if (part.type === "text" || part.type === "refusal") return part.text;
  return part.type === "opaque" ? JSON.stringify(part.value).slice(0, MEDIA_LENGTH) : beginningOf(part.source);
}

function beginningOf(source: Source): string {
  switch (source.type) {
    case "url":
      return source.url.slice(0, MEDIA_LENGTH);
    case "base64":
      return source.data.slice(0, MEDIA_LENGTH);
    case "file_id":
      return source.id;
    default:
      return source.text.slice(0, MEDIA_LENGTH);
  }
}

/** Whether the opening asks its provider to cache it, and for an hour. */
export function cacheWishOf(chat: ChatRequest): "none" | "5m" | "1h" {
  let wish: "none" | "5m" | "1h" = "none";
  for (const marked of markersOf(chat)) {
    if (marked?.ttl === "1h") return "1h";
    if (marked !== undefined) wish = "5m";
  }
  return wish;
}

function* markersOf({ cache, tools, items }: ChatRequest) {
  yield cache;
  for (const tool of tools) if (tool.type === "function") yield tool.cache;
  for (const item of items) {
    if (item.type !== "message") continue;
    for (const part of item.content) if ("cache" in part) yield part.cache;
    if (item.role === "user") return;
  }
}
