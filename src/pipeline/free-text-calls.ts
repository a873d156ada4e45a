import type { Frame, StreamDecoder } from "../canonical/dialect.ts";
import { objectFrom } from "../canonical/json.ts";
import type { ChatRequest, Item } from "../canonical/request.ts";
import type { ChatResponse } from "../canonical/response.ts";
import type { StreamPart } from "../canonical/stream-part.ts";

/** Names of the tools that take free text; null: none. Wires without such tools carry them as functions of one text argument. */
export function freeTextTools({ tools }: ChatRequest): ReadonlySet<string> | null {
  const names = tools.flatMap((tool) => (tool.type === "custom" ? [tool.name] : []));
  return names.length === 0 ? null : new Set(names);
}

/** Gives calls of free-text tools their text back: a client that offered one does not take a function's call for it. */
export function restoreFreeText(response: ChatResponse, names: ReadonlySet<string>): void {
  for (const candidate of response.candidates) candidate.items = candidate.items.map((item) => restored(item, names));
}

function restored(item: Item, names: ReadonlySet<string>): Item {
  if (item.type !== "tool_call" || item.kind === "custom" || !names.has(item.name)) return item;
  return { ...item, kind: "custom", arguments: freeText(item.arguments) };
}

/** The one text argument; arguments of another form as they are. */
function freeText(json: string): string {
  const values = Object.values(objectFrom(json) ?? {});
  return values.length === 1 && typeof values[0] === "string" ? values[0] : json;
}

/** The same for streams; the text comes in one piece, at the end of its call. */
export class FreeTextDecoder implements StreamDecoder {
  private readonly inner: StreamDecoder;
  private readonly names: ReadonlySet<string>;
  /** Arguments so far, by the index of their call. */
  private readonly open = new Map<number, string>();
  private readonly parts: StreamPart[] = [];

  constructor(inner: StreamDecoder, names: ReadonlySet<string>) {
    this.inner = inner;
    this.names = names;
  }

  push(frame: Frame, out: StreamPart[]): void {
    this.inner.push(frame, this.parts);
    this.restore(out);
  }

  finish(out: StreamPart[]): void {
    this.inner.finish(this.parts);
    this.restore(out);
  }

  private restore(out: StreamPart[]): void {
    for (const part of this.parts) this.take(part, out);
    this.parts.length = 0;
  }

  private take(part: StreamPart, out: StreamPart[]): void {
    if (part.type === "item_start" && part.toolKind !== "custom" && this.names.has(part.name ?? "")) {
      this.open.set(part.index, "");
      out.push({ ...part, toolKind: "custom" });
      return;
    }
    const known = part.type === "tool_delta" || part.type === "item_end" ? this.open.get(part.index) : undefined;
    if (known === undefined) {
      out.push(part);
    } else if (part.type === "tool_delta") {
      this.open.set(part.index, known + part.text);
    } else if (part.type === "item_end") {
      this.open.delete(part.index);
      out.push({ type: "tool_delta", index: part.index, text: freeText(known) }, part);
    }
  }
}
