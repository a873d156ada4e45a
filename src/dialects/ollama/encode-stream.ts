import type { ReplyContext, StreamEncoder } from "../../canonical/dialect.ts";
import { isoTime } from "../../canonical/iso-time.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ToolCallItem } from "../../canonical/request.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Usage } from "../../canonical/usage.ts";
import { encodeCall } from "./encode-call.ts";
import { imageData } from "./encode-parts.ts";
import { encodeLogprobs, isGenerate } from "./encode-response.ts";
import { encodeError } from "./errors.ts";
import { encodeFinish } from "./finish-reason.ts";
import { encodeUsage } from "./usage.ts";
import { OLLAMA } from "./wire.ts";

type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;

interface State {
  reply: ReplyContext;
  isGenerate: boolean;
  /** A line up to what it says. */
  head: string;
  /** Items of the first candidate, which is the only one that the wire has; calls gather their arguments. */
  items: Map<number, ToolCallItem | null>;
  /** The part of a summary that was said last. */
  summaryPart: number;
  finish: PartOf<"finish"> | undefined;
  usage: Usage | undefined;
  isOver: boolean;
}

/** Encodes a streamed answer for the endpoint that the client asked, a line of JSON each; the last one says `done`. */
export function createStreamEncoder(reply: ReplyContext): StreamEncoder {
  const state: State = {
    reply,
    isGenerate: isGenerate(reply.request),
    head: "",
    items: new Map(),
    summaryPart: 0,
    finish: undefined,
    usage: undefined,
    isOver: false,
  };
  return { encode: (part) => (state.isOver ? "" : encodePart(state, part)) };
}

type Handlers = { [T in StreamPart["type"]]: (state: State, part: PartOf<T>) => string };

const HANDLERS: Handlers = {
  start: (state, part) => {
    state.head = headOf(state, part);
    return "";
  },
  item_start: beginItem,
  text_delta: encodeText,
  refusal_delta: (state, { index, text }) => (state.items.has(index) ? textLine(state, JSON.stringify(text), "") : ""),
  reasoning_delta: encodeThought,
  item_opaque: () => "",
  tool_delta: gather,
  citation: () => "",
  media: encodeMedia,
  item_end: encodeCallLine,
  opaque_item: () => "",
  finish: (state, part) => {
    if (part.candidate === 0) state.finish = part;
    return "";
  },
  usage: (state, { usage }) => {
    state.usage = usage;
    return "";
  },
  // A line must be JSON that says something.
  ping: () => "",
  unknown: (_state, { dialect, data }) => (dialect === OLLAMA ? `${data}\n` : ""),
  error: (state, { error }) => {
    state.isOver = true;
    return `${JSON.stringify(encodeError(error).body)}\n`;
  },
  end: encodeEnd,
};

function encodePart<T extends StreamPart["type"]>(state: State, part: PartOf<T>): string {
  const handler = HANDLERS[part.type];
  return handler(state, part);
}

function beginItem(state: State, part: PartOf<"item_start">): string {
  if (part.candidate === 0) state.items.set(part.index, part.kind === "tool_call" ? callOf(part) : null);
  return "";
}

function headOf({ reply }: State, { model, createdAt }: PartOf<"start">): string {
  const fields = {
    model: model === "" ? reply.model : model,
    created_at: isoTime(createdAt === 0 ? reply.createdAt : createdAt),
  };
  return `${JSON.stringify(fields).slice(0, -1)},`;
}

/** A line that says one thing; `text` and `more` are JSON, `more` begins with a comma. */
function textLine({ head, isGenerate: generate }: State, text: string, more: string): string {
  const said = generate ? `"response":${text}` : `"message":{"role":"assistant","content":${text}}`;
  return `${head}${said},"done":false${more}}\n`;
}

function encodeText(state: State, part: PartOf<"text_delta">): string {
  if (!state.items.has(part.index)) return "";
  const logprobs = part.logprobs === undefined ? undefined : encodeLogprobs(part.logprobs);
  if (part.text === "" && logprobs === undefined) return "";
  const more = logprobs === undefined ? "" : `,"logprobs":${JSON.stringify(logprobs)}`;
  return textLine(state, JSON.stringify(part.text), more);
}

/** Parts of a summary are set apart by a blank line, as in a whole answer. */
function encodeThought(state: State, { index, channel, part, text }: PartOf<"reasoning_delta">): string {
  if (text === "" || !state.items.has(index)) return "";
  const isNext = channel === "summary" && part > 0 && part !== state.summaryPart;
  if (channel === "summary") state.summaryPart = part;
  return beside(state, `"thinking":${JSON.stringify(isNext ? `\n\n${text}` : text)}`);
}

/** A line whose words are empty: what it says stands beside them. */
function beside({ head, isGenerate: generate }: State, field: string): string {
  if (generate) return `${head}"response":"",${field},"done":false}\n`;
  return `${head}"message":{"role":"assistant","content":"",${field}},"done":false}\n`;
}

function callOf({ callId, name, toolKind, extensions }: PartOf<"item_start">): ToolCallItem {
  return {
    type: "tool_call",
    callId: callId ?? "",
    name: name ?? "",
    kind: toolKind ?? "function",
    arguments: "",
    ...(extensions !== undefined && { extensions }),
  };
}

function gather({ items }: State, { index, text }: PartOf<"tool_delta">): string {
  const call = items.get(index);
  if (call) call.arguments += text;
  return "";
}

/** A call goes out when it is whole: its arguments are an object. */
function encodeCallLine(state: State, { index }: PartOf<"item_end">): string {
  const call = state.items.get(index);
  if (!call) return "";
  state.items.set(index, null);
  return beside(state, `"tool_calls":${JSON.stringify([encodeCall(call)])}`);
}

function encodeMedia(state: State, { index, media }: PartOf<"media">): string {
  const data = media.type === "image" && state.items.has(index) ? imageData(media) : undefined;
  return data === undefined || state.isGenerate ? "" : beside(state, `"images":${JSON.stringify([data])}`);
}

function encodeEnd(state: State): string {
  state.isOver = true;
  const { finish, usage, head } = state;
  const own = finish?.extensions?.[OLLAMA];
  const fields: JsonObject = {
    ...(state.isGenerate ? { response: "" } : { message: { role: "assistant", content: "" } }),
    done: true,
    done_reason: encodeFinish(finish?.reason ?? "stop", own === undefined ? undefined : finish?.raw),
    ...encodeUsage(usage),
    ...own,
  };
  return `${head}${JSON.stringify(fields).slice(1)}\n`;
}
