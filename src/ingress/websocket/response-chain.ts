import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";

/** What is kept of one connection's answers. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_LINKS = 64;

interface Link {
  items: Json[];
  bytes: number;
}

/**
 * The answers that providers do not keep, so that further turns may refer to them: in the WebSocket mode of Responses the
 * connection remembers them (https://developers.openai.com/api/docs/guides/websocket-mode). The oldest go first.
 */
export class ResponseChain {
  private readonly links = new Map<string, Link>();
  private bytes = 0;

  /** The request with the answer that it refers to written out; as it is when that answer is not kept here. */
  expand(body: JsonObject): JsonObject {
    const previous = body["previous_response_id"];
    const link = typeof previous === "string" ? this.links.get(previous) : undefined;
    if (link === undefined) return body;
    const { previous_response_id: _, ...rest } = body;
    return { ...rest, input: [...link.items, ...itemsOf(body["input"])] };
  }

  /** Keeps an answer with all that led to it. */
  remember(id: string, input: Json | undefined, output: Json | undefined): void {
    const items = [...itemsOf(input), ...itemsOf(output).filter(isReadable)];
    const bytes = JSON.stringify(items).length;
    if (bytes > MAX_BYTES) return;
    this.links.set(id, { items, bytes });
    this.bytes += bytes;
    for (const [oldest, link] of this.links) {
      if (this.bytes <= MAX_BYTES && this.links.size <= MAX_LINKS) return;
      this.links.delete(oldest);
      this.bytes -= link.bytes;
    }
  }
}

function itemsOf(value: Json | undefined): Json[] {
  if (typeof value === "string") return [{ type: "message", role: "user", content: value }];
  return Array.isArray(value) ? value : [];
}

/** Reasoning that only its maker has cannot be sent again. */
function isReadable(item: Json): boolean {
  if (!isJsonObject(item) || item["type"] !== "reasoning") return true;
  return typeof item["encrypted_content"] === "string";
}
