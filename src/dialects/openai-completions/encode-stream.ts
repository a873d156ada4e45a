import type { ReplyContext, StreamEncoder } from "../../canonical/dialect.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { Usage } from "../../canonical/usage.ts";
import { sseEvent } from "../../lib/sse-write.ts";
import { encodeFinish } from "./finish-reason.ts";
import { encodeLogprobs } from "./logprobs.ts";
import type { OpenaiForms } from "./openai-forms.ts";
import { COMPLETIONS } from "./wire.ts";

const DONE = "data: [DONE]\n\n";
const KEEP_ALIVE = ": keep-alive\n\n";

interface State {
  reply: ReplyContext;
  forms: OpenaiForms;
  /** The chunk up to `choices`. Empty before the start. */
  head: string;
  /** Candidate of each item. */
  owners: Map<number, number>;
  /** Length of the text so far, and whether the end was told, by candidate. */
  lengths: Map<number, number>;
  finished: Set<number>;
  usage: Usage | undefined;
  isOver: boolean;
}

/** Encodes a streamed answer as completions, ended by `[DONE]`: its words alone. */
export function createStreamEncoder(reply: ReplyContext, forms: OpenaiForms): StreamEncoder {
  const state: State = {
    reply,
    forms,
    head: "",
    owners: new Map(),
    lengths: new Map(),
    finished: new Set(),
    usage: undefined,
    isOver: false,
  };
  return { encode: (part) => (state.isOver ? "" : encodePart(state, part)) };
}

function encodePart(state: State, part: StreamPart): string {
  switch (part.type) {
    case "start":
      state.head = headOf(state.reply, part);
      return "";
    case "item_start":
      state.owners.set(part.index, part.candidate);
      return "";
    case "text_delta":
    case "refusal_delta":
      return encodeText(state, part);
    case "finish":
      return encodeEnding(state, part);
    case "usage":
      state.usage = part.usage;
      return "";
    case "ping":
      return KEEP_ALIVE;
    case "unknown":
      return part.dialect === COMPLETIONS ? sseEvent(part.event, part.data) : "";
    case "error":
      state.isOver = true;
      return sseEvent("", JSON.stringify(state.forms.encodeError(part.error).body)) + DONE;
    case "end":
      return encodeEnd(state);
    default:
      return "";
  }
}

type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;

function headOf(reply: ReplyContext, part: PartOf<"start">): string {
  const fields = {
    id: part.id === "" ? reply.requestId : part.id,
    object: isMessage(reply) ? "chat.completion.chunk" : "text_completion",
    created: part.createdAt === 0 ? reply.createdAt : part.createdAt,
    model: part.model === "" ? reply.model : part.model,
    ...part.extensions?.[COMPLETIONS],
  };
  return `data: ${JSON.stringify(fields).slice(0, -1)},"choices":`;
}

function encodeText(state: State, part: PartOf<"text_delta" | "refusal_delta">): string {
  const candidate = state.owners.get(part.index) ?? 0;
  const offset = state.lengths.get(candidate) ?? 0;
  state.lengths.set(candidate, offset + part.text.length);
  const logprobs = part.type === "text_delta" && part.logprobs !== undefined ? part.logprobs : null;
  if (part.text === "" && logprobs === null) return "";
  const told = logprobs === null ? "null" : JSON.stringify(encodeLogprobs(logprobs, offset));
  const text = JSON.stringify(part.text);
  if (isMessage(state.reply))
    return `${state.head}[{"index":${candidate},"delta":{"content":${text}},"finish_reason":null}]}\n\n`;
  return `${state.head}[{"text":${text},"index":${candidate},"logprobs":${told},"finish_reason":null}]}\n\n`;
}

function encodeEnding(state: State, { candidate, reason, raw, extensions }: PartOf<"finish">): string {
  state.finished.add(candidate);
  const word = encodeFinish(reason, extensions?.[COMPLETIONS] === undefined ? undefined : raw);
  return `${state.head}[${emptyChoice(candidate, word, state.reply)}]}\n\n`;
}

function isMessage({ request }: ReplyContext): boolean {
  return request.answersAsMessage === true;
}

function emptyChoice(candidate: number, finish: string | null, reply: ReplyContext): string {
  if (isMessage(reply)) return JSON.stringify({ index: candidate, delta: { content: "" }, finish_reason: finish });
  return JSON.stringify({ text: "", index: candidate, logprobs: null, finish_reason: finish });
}

/** Usage comes behind the last choice; clients that did not ask for it get it beside an empty one, which they may index. */
function encodeEnd(state: State): string {
  state.isOver = true;
  let out = "";
  for (const candidate of new Set(state.owners.values())) {
    if (!state.finished.has(candidate)) out += `${state.head}[${emptyChoice(candidate, "stop", state.reply)}]}\n\n`;
  }
  if (state.usage !== undefined) {
    const choice = state.reply.request.includeUsage === true ? "" : emptyChoice(0, null, state.reply);
    out += `${state.head}[${choice}],"usage":${JSON.stringify(state.forms.encodeUsage(state.usage))}}\n\n`;
  }
  return out + DONE;
}
