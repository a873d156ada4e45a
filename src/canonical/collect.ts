import type { Part, RefusalPart, TextPart } from "./content.ts";
import type { Json, JsonObject } from "./json.ts";
import { isJsonObject } from "./json.ts";
import type { Item, MessageItem, ReasoningItem, ToolCallItem } from "./request.ts";
import type { Candidate, ChatResponse } from "./response.ts";
import type { StreamPart } from "./stream-part.ts";

type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;

/** Gathers the parts of one stream into the answer that the same call without streaming would have given. */
export class StreamCollector {
  readonly response: ChatResponse = { id: "", model: "", createdAt: 0, candidates: [] };
  private readonly items = new Map<number, Item>();
  private readonly owners = new Map<number, number>();

  /** Takes the next part. Pings, unknown events and errors leave the answer as it is. */
  add(part: StreamPart): void {
    switch (part.type) {
      case "start":
        return this.start(part);
      case "item_start":
        return this.place(part.index, part.candidate, newItem(part));
      case "opaque_item": {
        const { dialect, value } = part;
        return this.place(part.index, part.candidate, { type: "opaque", dialect, role: "assistant", value });
      }
      case "usage":
        this.response.usage = part.usage;
        return;
      case "finish":
        return this.finish(part);
      case "end":
        return this.end(part);
      case "ping":
      case "unknown":
      case "error":
        return;
      default:
        return this.extend(part);
    }
  }

  private start(part: PartOf<"start">): void {
    this.response.id = part.id;
    this.response.model = part.model;
    this.response.createdAt = part.createdAt;
    if (part.serviceTier !== undefined) this.response.serviceTier = part.serviceTier;
    if (part.extensions !== undefined) this.response.extensions = part.extensions;
  }

  private end(part: PartOf<"end">): void {
    if (part.serviceTier !== undefined) this.response.serviceTier = part.serviceTier;
    if (part.extensions !== undefined) this.response.extensions = { ...this.response.extensions, ...part.extensions };
  }

  private place(index: number, candidate: number, item: Item): void {
    this.items.set(index, item);
    this.owners.set(index, candidate);
    this.candidate(candidate).items.push(item);
  }

  private finish(part: PartOf<"finish">): void {
    const candidate = this.candidate(part.candidate);
    candidate.finishReason = part.reason;
    if (part.raw !== undefined) candidate.rawFinishReason = part.raw;
    if (part.stopSequence !== undefined) candidate.stopSequence = part.stopSequence;
    if (part.extensions !== undefined) candidate.extensions = part.extensions;
  }

  private extend(
    part: Exclude<StreamPart, { type: "start" | "finish" | "usage" | "ping" | "unknown" | "error" | "end" }>,
  ): void {
    const item = this.items.get(part.index);
    if (item === undefined) return;
    if (item.type === "message") this.extendMessage(item, part);
    else if (item.type === "reasoning") extendReasoning(item, part);
    else if (item.type === "tool_call") extendToolCall(item, part);
  }

  private extendMessage(item: MessageItem, part: StreamPart): void {
    if (part.type === "text_delta") {
      const text = textPart(item, part.part);
      text.text += part.text;
      if (part.opaque !== undefined) text.opaque = part.opaque;
      if (part.logprobs !== undefined) this.addLogprobs(part.index, part.logprobs);
    } else if (part.type === "refusal_delta") refusalPart(item, part.part).text += part.text;
    else if (part.type === "citation") (textPart(item, part.part).citations ??= []).push(part.citation);
    else if (part.type === "media") addMedia(item, part.media, part.chunk === true);
    else if (part.type === "item_end" && part.extensions !== undefined) {
      item.extensions = { ...item.extensions, ...part.extensions };
    }
  }

  private addLogprobs(index: number, logprobs: Json): void {
    const candidate = this.candidate(this.owners.get(index) ?? 0);
    const known = isJsonObject(candidate.logprobs) ? candidate.logprobs : undefined;
    if (known === undefined || !isJsonObject(logprobs)) {
      candidate.logprobs = isJsonObject(logprobs) ? { ...logprobs } : logprobs;
      return;
    }
    for (const [key, value] of Object.entries(logprobs)) {
      const before = known[key];
      known[key] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : (value ?? before);
    }
  }

  private candidate(index: number): Candidate {
    const found = this.response.candidates.find((candidate) => candidate.index === index);
    if (found !== undefined) return found;
    const made: Candidate = { index, items: [], finishReason: "other" };
    this.response.candidates.push(made);
    return made;
  }
}

function newItem(part: PartOf<"item_start">): Item {
  if (part.kind === "message")
    return withIdentity<MessageItem>({ type: "message", role: "assistant", content: [] }, part);
  if (part.kind === "reasoning") {
    const item = withIdentity<ReasoningItem>({ type: "reasoning", summary: [], text: "" }, part);
    if (part.opaque !== undefined) item.opaque = part.opaque;
    return item;
  }
  const call: ToolCallItem = {
    type: "tool_call",
    callId: part.callId ?? "",
    name: part.name ?? "",
    kind: part.toolKind ?? "function",
    arguments: "",
  };
  if (part.opaque !== undefined) call.opaque = part.opaque;
  return withIdentity(call, part);
}

function withIdentity<T extends MessageItem | ReasoningItem | ToolCallItem>(item: T, part: PartOf<"item_start">): T {
  if (part.id !== undefined) item.id = part.id;
  if (part.extensions !== undefined) item.extensions = part.extensions;
  return item;
}

function extendReasoning(item: ReasoningItem, part: StreamPart): void {
  if (part.type === "reasoning_delta") {
    if (part.channel === "text") item.text += part.text;
    else item.summary[part.part] = (item.summary[part.part] ?? "") + part.text;
  } else if (part.type === "item_opaque") item.opaque = part.opaque;
  else if (part.type === "item_end" && part.extensions !== undefined) {
    item.extensions = { ...item.extensions, ...part.extensions };
  }
}

function extendToolCall(item: ToolCallItem, part: StreamPart): void {
  if (part.type === "tool_delta") item.arguments += part.text;
  else if (part.type === "item_opaque") item.opaque = part.opaque;
  else if (part.type === "item_end" && part.extensions !== undefined) {
    item.extensions = { ...item.extensions, ...part.extensions };
  }
}

/** The text part numbered `number` among the item's text and refusal parts. */
function textPart(item: MessageItem, number: number): TextPart {
  const found = spokenPart(item, number);
  if (found?.type === "text") return found;
  const made: TextPart = { type: "text", text: "" };
  item.content.push(made);
  return made;
}

function refusalPart(item: MessageItem, number: number): RefusalPart {
  const found = spokenPart(item, number);
  if (found?.type === "refusal") return found;
  const made: RefusalPart = { type: "refusal", text: "" };
  item.content.push(made);
  return made;
}

function spokenPart(item: MessageItem, number: number): Part | undefined {
  let seen = 0;
  for (const part of item.content) {
    if (part.type !== "text" && part.type !== "refusal") continue;
    if (seen === number) return part;
    seen += 1;
  }
  return undefined;
}

function addMedia(item: MessageItem, media: Part, chunk: boolean): void {
  const last = item.content.at(-1);
  if (!chunk || media.type !== "audio" || last?.type !== "audio") {
    item.content.push(media.type === "audio" ? { ...media, source: { ...media.source } } : media);
    return;
  }
  if (last.source.type === "base64" && media.source.type === "base64") last.source.data += media.source.data;
  if (media.transcript !== undefined) last.transcript = (last.transcript ?? "") + media.transcript;
  if (media.id !== undefined) last.id ??= media.id;
}

/** The answer that these parts make up. */
export function collectParts(parts: readonly StreamPart[]): ChatResponse {
  const collector = new StreamCollector();
  for (const part of parts) collector.add(part);
  return collector.response;
}

/** True when the parts hold an error, which a collected answer does not show. */
export function findError(parts: readonly StreamPart[]): PartOf<"error"> | undefined {
  return parts.find((part) => part.type === "error");
}

/** A value for `extensions` fields that are only set when there is something in them. */
export function hasFields(value: JsonObject): boolean {
  for (const _ in value) return true;
  return false;
}
