import { createHash } from "node:crypto";
import type { Frame, StreamDecoder } from "../canonical/dialect.ts";
import type { DialectName } from "../canonical/names.ts";
import type { ChatRequest, Item, Tool, ToolChoice } from "../canonical/request.ts";
import type { ChatResponse } from "../canonical/response.ts";
import type { StreamPart } from "../canonical/stream-part.ts";

/** What the name of a tool may be. */
interface NameRule {
  taken: RegExp;
  longest: number;
}

const WORD = /^[\w-]+$/;

/**
 * Names that vendors take: OpenAI (github.com/openai/openai-openapi: FunctionObject and FunctionToolParam), Anthropic ("String
 * should match pattern '^[a-zA-Z0-9_-]{1,128}$'"), Bedrock
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html), Gemini
 * (https://ai.google.dev/gemini-api/docs/function-calling; its typings say 128, its refusals 64).
 */
const RULES: Partial<Record<DialectName, NameRule>> = {
  "openai-chat": { taken: WORD, longest: 64 },
  "openai-responses": { taken: WORD, longest: 128 },
  "anthropic-messages": { taken: WORD, longest: 128 },
  "bedrock-converse": { taken: WORD, longest: 64 },
  gemini: { taken: /^[a-zA-Z_][\w.:-]*$/, longest: 64 },
};

const HASH_LENGTH = 8;

/** Names as the client has them, by the names that were sent in their place. */
export type ToolNames = ReadonlyMap<string, string>;

/** The names of a request that a wire of this dialect would refuse; null where the client speaks it itself, or none is. */
export function refusedNames({ tools, items }: ChatRequest, client: DialectName, wire: DialectName): ToolNames | null {
  const rule = RULES[wire];
  if (rule === undefined || client === wire) return null;
  let found: Map<string, string> | null = null;
  const look = (name: string): void => {
    if (name.length > rule.longest || !rule.taken.test(name))
      (found ??= new Map()).set(fitName(name, rule.longest), name);
  };
  for (const tool of tools) if ("name" in tool) look(tool.name);
  for (const item of items) if (item.type === "tool_call") look(item.name);
  return found;
}

/** The same name always becomes the same; two never do. It begins as Gemini wants it. */
function fitName(name: string, longest: number): string {
  const words = name.replace(/[^\w-]/g, "_").replace(/^(?=[\d-])/, "_");
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_LENGTH);
  return `${words.slice(0, longest - HASH_LENGTH - 1)}_${hash}`;
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
