import type { ReplyContext, StreamEncoder } from "../../canonical/dialect.ts";
import { isoTime } from "../../canonical/iso-time.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import type { ToolCallItem } from "../../canonical/request.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Usage } from "../../canonical/usage.ts";
import { encodeMade } from "./encode-file.ts";
import { clientVersion, encodeCall, encodeCitation, encodeWarnings } from "./encode-response.ts";
import { encodeFault } from "./errors.ts";
import { encodeFinish } from "./finish-reason.ts";
import { encodeState } from "./provider-state.ts";
import { encodeUsage } from "./usage.ts";
import { AI_GATEWAY, type Version } from "./wire.ts";

type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;

/** An item of the first candidate. */
interface Open {
  kind: "message" | "reasoning" | "tool_call";
  /** Id of the block that is open, as JSON; empty: none. */
  block: string;
  part: number;
  blocks: number;
  call: ToolCallItem | null;
  opaque: Opaque | undefined;
}

interface State {
  reply: ReplyContext;
  version: Version;
  items: Map<number, Open>;
  /** Items that have ended: sources may come later. */
  ended: Set<number>;
  sources: number;
  finish: PartOf<"finish"> | undefined;
  usage: Usage | undefined;
  isOver: boolean;
}

/** Encodes a streamed answer as the parts of a language model's stream (`LanguageModelV3StreamPart`), an event each. */
export function createStreamEncoder(reply: ReplyContext): StreamEncoder {
  const state: State = {
    reply,
    version: clientVersion(reply.request),
    items: new Map(),
    ended: new Set(),
    sources: 0,
    finish: undefined,
    usage: undefined,
    isOver: false,
  };
  return { encode: (part) => (state.isOver ? "" : encodePart(state, part)) };
}

type Handlers = { [T in StreamPart["type"]]: (state: State, part: PartOf<T>) => string };

const HANDLERS: Handlers = {
  start: encodeStart,
  item_start: beginItem,
  text_delta: (state, { index, part, text, opaque }) => encodeDelta(state, index, part, "text", text, opaque),
  refusal_delta: (state, { index, part, text }) => encodeDelta(state, index, part, "text", text, undefined),
  reasoning_delta: (state, { index, part, text }) => encodeDelta(state, index, part, "reasoning", text, undefined),
  item_opaque: (state, { index, opaque }) => {
    const item = state.items.get(index);
    if (item !== undefined) item.opaque = opaque;
    return "";
  },
  tool_delta: encodeInput,
  citation: (state, { index, citation }) =>
    state.items.has(index) || state.ended.has(index)
      ? event(encodeCitation(citation, `source-${state.sources++}`))
      : "",
  media: (state, { index, media }) => {
    const made = state.items.has(index) ? encodeMade(media, state.version) : undefined;
    return made === undefined ? "" : event(made);
  },
  item_end: endItem,
  opaque_item: (_state, { dialect, value }) => (dialect === AI_GATEWAY ? event(value) : ""),
  finish: (state, part) => {
    if (part.candidate === 0) state.finish = part;
    return "";
  },
  usage: (state, { usage }) => {
    state.usage = usage;
    return "";
  },
  ping: () => ": ping\n\n",
  unknown: (_state, { dialect, data }) => (dialect === AI_GATEWAY ? `data: ${data}\n\n` : ""),
  error: (state, { error }) => {
    state.isOver = true;
    return `${event({ type: "error", error: encodeFault(error) })}data: [DONE]\n\n`;
  },
  end: encodeEnd,
};

function encodePart<T extends StreamPart["type"]>(state: State, part: PartOf<T>): string {
  const handler = HANDLERS[part.type];
  return handler(state, part);
}

function event(part: Json): string {
  return `data: ${JSON.stringify(part)}\n\n`;
}

function encodeStart({ reply, version }: State, { id, model, createdAt }: PartOf<"start">): string {
  const metadata = {
    type: "response-metadata",
    id: id === "" ? reply.requestId : id,
    modelId: model === "" ? reply.model : model,
    timestamp: isoTime(createdAt === 0 ? reply.createdAt : createdAt),
  };
  return event({ type: "stream-start", warnings: encodeWarnings(reply.warnings ?? [], version) }) + event(metadata);
}

function beginItem(
  state: State,
  { candidate, index, kind, callId, name, toolKind, opaque }: PartOf<"item_start">,
): string {
  if (candidate !== 0) return "";
  const item: Open = { kind, block: "", part: -1, blocks: 0, call: null, opaque };
  state.items.set(index, item);
  if (kind !== "tool_call") return "";
  const id = callId ?? `call_${index}`;
  item.call = { type: "tool_call", callId: id, name: name ?? "", kind: toolKind ?? "function", arguments: "" };
  item.block = JSON.stringify(id);
  return event({ type: "tool-input-start", id, toolName: name ?? "" });
}

/** A part of an item is a block of its own. */
function encodeDelta(
  state: State,
  index: number,
  part: number,
  kind: "text" | "reasoning",
  text: string,
  opaque: Opaque | undefined,
): string {
  const item = state.items.get(index);
  if (item === undefined) return "";
  if (opaque !== undefined) item.opaque = opaque;
  const head = item.part === part ? "" : beginBlock(item, index, part, kind);
  return text === ""
    ? head
    : `${head}data: {"type":"${kind}-delta","id":${item.block},"delta":${JSON.stringify(text)}}\n\n`;
}

function beginBlock(item: Open, index: number, part: number, kind: "text" | "reasoning"): string {
  const before = endBlock(item, kind, undefined);
  item.part = part;
  item.block = `"${index}-${item.blocks++}"`;
  return `${before}data: {"type":"${kind}-start","id":${item.block}}\n\n`;
}

function endBlock(item: Open, kind: "text" | "reasoning", opaque: Opaque | undefined): string {
  if (item.block === "") return "";
  const state = opaque === undefined ? "" : `,"providerMetadata":${JSON.stringify(encodeState(opaque))}`;
  const ended = `data: {"type":"${kind}-end","id":${item.block}${state}}\n\n`;
  item.block = "";
  return ended;
}

/** Deltas of a call's input are JSON, so free text waits for its end. */
function encodeInput(state: State, { index, text }: PartOf<"tool_delta">): string {
  const item = state.items.get(index);
  if (item?.call == null) return "";
  item.call.arguments += text;
  if (item.call.kind === "custom" || text === "") return "";
  return `data: {"type":"tool-input-delta","id":${item.block},"delta":${JSON.stringify(text)}}\n\n`;
}

function endItem(state: State, { index }: PartOf<"item_end">): string {
  const item = state.items.get(index);
  if (item === undefined) return "";
  state.items.delete(index);
  state.ended.add(index);
  const { kind, opaque, call } = item;
  if (call !== null) return endCall(call, opaque);
  const name = kind === "reasoning" ? "reasoning" : "text";
  // State without a word of text still has to reach the client.
  const head = item.blocks === 0 && opaque !== undefined ? beginBlock(item, index, 0, name) : "";
  return head + endBlock(item, name, opaque);
}

function endCall(call: ToolCallItem, opaque: Opaque | undefined): string {
  const whole = encodeCall(opaque === undefined ? call : { ...call, opaque });
  const late =
    call.kind === "custom" ? event({ type: "tool-input-delta", id: call.callId, delta: whole["input"] ?? "" }) : "";
  return `${late}${event({ type: "tool-input-end", id: call.callId })}${event(whole)}`;
}

function encodeEnd(state: State): string {
  state.isOver = true;
  const { finish, usage, version } = state;
  const last: JsonObject = {
    type: "finish",
    finishReason: encodeFinish(finish?.reason ?? "stop", finish?.raw, version),
    usage: encodeUsage(usage, version),
    ...finish?.extensions?.[AI_GATEWAY],
  };
  return `${event(last)}data: [DONE]\n\n`;
}
