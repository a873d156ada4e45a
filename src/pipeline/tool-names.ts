import { createHash } from "node:crypto";
import type { Frame, StreamDecoder } from "../canonical/dialect.ts";
import type { DialectName } from "../canonical/names.ts";
import type { ChatRequest, Item, Tool, ToolChoice } from "../canonical/request.ts";
import type { ChatResponse } from "../canonical/response.ts";
import type { StreamPart } from "../canonical/stream-part.ts";

/**
 * The longest name of a tool, of letters, digits, `_` and `-`, that OpenAI takes (github.com/openai/openai-openapi:
 * FunctionObject and FunctionToolParam). Anthropic takes 128 in a chat's place, Gemini also dots and colons.
 */
const LONGEST: Partial<Record<DialectName, number>> = { "openai-chat": 64, "openai-responses": 128 };

const TAKEN = /^[a-zA-Z0-9_-]+$/;
const HASH_LENGTH = 8;

/** Names as the client has them, by the names that were sent in their place. */
export type ToolNames = ReadonlyMap<string, string>;

/** The names of a request that a wire of this dialect would refuse; null where the client speaks it itself, or none is. */
export function refusedNames({ tools, items }: ChatRequest, client: DialectName, wire: DialectName): ToolNames | null {
  const longest = LONGEST[wire];
  if (longest === undefined || client === wire) return null;
  let found: Map<string, string> | null = null;
  const look = (name: string): void => {
    if (name.length > longest || !TAKEN.test(name)) (found ??= new Map()).set(fitName(name, longest), name);
  };
  for (const tool of tools) if ("name" in tool) look(tool.name);
  for (const item of items) if (item.type === "tool_call") look(item.name);
  return found;
}

/** The same name always becomes the same; two never do. */
function fitName(name: string, longest: number): string {
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_LENGTH);
  return `${name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, longest - HASH_LENGTH - 1)}_${hash}`;
}

/** The request with the names that the wire takes. */
export function renameTools(request: ChatRequest, names: ToolNames): ChatRequest {
  const sent = new Map([...names].map(([short, name]) => [name, short]));
  const { tools, items, toolChoice } = request;
  return {
    ...request,
    tools: tools.map((tool) => renamed(tool, sent)),
    items: items.map((item) => renamed(item, sent)),
    ...(toolChoice !== undefined && { toolChoice: renamedChoice(toolChoice, sent) }),
  };
}

function renamed<T extends Item | Tool>(named: T, names: ToolNames): T {
  if (named.type === "message" || !("name" in named) || named.name === undefined) return named;
  const name = names.get(named.name);
  return name === undefined ? named : { ...named, name };
}

function renamedChoice(choice: ToolChoice, names: ToolNames): ToolChoice {
  if (choice.type === "tool") return { ...choice, name: names.get(choice.name) ?? choice.name };
  if (choice.type !== "allowed") return choice;
  return { ...choice, names: choice.names.map((name) => names.get(name) ?? name) };
}

/** Gives the calls of an answer the client's names back. */
export function restoreNames(response: ChatResponse, names: ToolNames): void {
  for (const candidate of response.candidates) candidate.items = candidate.items.map((item) => renamed(item, names));
}

/** The same for streams. */
export class NameDecoder implements StreamDecoder {
  private readonly inner: StreamDecoder;
  private readonly names: ToolNames;

  constructor(inner: StreamDecoder, names: ToolNames) {
    this.inner = inner;
    this.names = names;
  }

  push(frame: Frame, out: StreamPart[]): void {
    const from = out.length;
    this.inner.push(frame, out);
    this.restore(out, from);
  }

  finish(out: StreamPart[]): void {
    const from = out.length;
    this.inner.finish(out);
    this.restore(out, from);
  }

  private restore(out: StreamPart[], from: number): void {
    for (let at = from; at < out.length; at += 1) {
      const part = out[at];
      if (part?.type !== "item_start" || part.name === undefined) continue;
      const name = this.names.get(part.name);
      if (name !== undefined) out[at] = { ...part, name };
    }
  }
}
