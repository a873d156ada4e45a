import type { ReplyContext } from "../../canonical/dialect.ts";
import { isoTime } from "../../canonical/iso-time.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Item } from "../../canonical/request.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { encodeCall } from "./encode-call.ts";
import { imageData } from "./encode-parts.ts";
import { encodeFinish } from "./finish-reason.ts";
import { encodeUsage } from "./usage.ts";
import { isEmpty, objectOf, objectsOf, OLLAMA } from "./wire.ts";

/** True for a client of `/api/generate`, whose answers have no message. */
export function isGenerate({ extensions }: ChatRequest): boolean {
  return extensions[OLLAMA]?.["generate"] === true;
}

/** Encodes a whole answer for the endpoint that the client asked: its first candidate, for the wire has one. */
export function encodeResponse(response: ChatResponse, reply: ReplyContext): JsonObject {
  const { model, createdAt, candidates, usage, extensions } = response;
  const candidate: Candidate = candidates[0] ?? { index: 0, items: [], finishReason: "stop" };
  const own = candidate.extensions?.[OLLAMA];
  const logprobs = encodeLogprobs(candidate.logprobs);
  return {
    model: model === "" ? reply.model : model,
    created_at: isoTime(createdAt === 0 ? reply.createdAt : createdAt),
    ...(isGenerate(reply.request) ? generated(candidate) : { message: messageOf(candidate) }),
    done: true,
    done_reason: encodeFinish(candidate.finishReason, own === undefined ? undefined : candidate.rawFinishReason),
    ...(logprobs !== undefined && { logprobs }),
    ...encodeUsage(usage),
    ...extensions?.[OLLAMA],
  };
}

function messageOf(candidate: Candidate): JsonObject {
  const { text, ...rest } = saidBy(candidate.items);
  return { role: "assistant", content: text, ...rest, ...candidate.extensions?.[OLLAMA] };
}

function generated(candidate: Candidate): JsonObject {
  const { text, images: _images, ...rest } = saidBy(candidate.items);
  return { response: text, ...rest };
}

interface Said extends JsonObject {
  text: string;
  thinking?: string;
  images?: string[];
  tool_calls?: JsonObject[];
}

function saidBy(items: readonly Item[]): Said {
  const said: Said = { text: "" };
  for (const item of items) addItem(said, item);
  return said;
}

function addItem(said: Said, item: Item): void {
  if (item.type === "reasoning") {
    const text = item.text === "" ? item.summary.join("\n\n") : item.text;
    if (text !== "") said.thinking = (said.thinking ?? "") + text;
  } else if (item.type === "tool_call") (said.tool_calls ??= []).push(encodeCall(item));
  else if (item.type === "message") {
    for (const part of item.content) {
      if (part.type === "text" || part.type === "refusal") said.text += part.text;
      const data = part.type === "image" ? imageData(part) : undefined;
      if (data !== undefined) (said.images ??= []).push(data);
    }
  }
}

/** Probabilities without the object around them; undefined when there are none. */
export function encodeLogprobs(logprobs: Json | undefined): Json[] | undefined {
  const content = objectsOf(objectOf(logprobs)?.["content"]);
  return content.length === 0 || content.every(isEmpty) ? undefined : content;
}
