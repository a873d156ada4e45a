import type { ReplyContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Candidate, ChatResponse, FinishReason } from "../../canonical/response.ts";
import type { Item, MessageItem, ReasoningItem, ToolCallItem } from "../../canonical/request.ts";
import { encodeCitations } from "./citations.ts";
import { encodeFinishReason } from "./finish-reason.ts";
import { encodeLogprobs } from "./logprobs.ts";
import { hasShape, messageFields, wireFields } from "./own-fields.ts";
import { encodeUsage } from "./usage.ts";
import { DIALECT, objectsOf } from "./wire.ts";

/** The id of an answer, for those that came without one. */
export function answerId(id: string, reply: ReplyContext): string {
  return id !== "" ? id : reply.requestId;
}

/** Encodes an answer (vendor SDK: `V2ChatResponse`). This wire has one answer only: the first candidate. */
export function encodeResponse(response: ChatResponse, reply: ReplyContext): JsonObject {
  const [candidate] = response.candidates;
  const logprobs = encodeLogprobs(candidate?.logprobs);
  return {
    ...response.extensions?.[DIALECT],
    id: answerId(response.id, reply),
    message: messageOf(candidate),
    finish_reason: encodeFinishReason(reasonOf(candidate), candidate?.rawFinishReason),
    ...(response.usage !== undefined && { usage: encodeUsage(response.usage) }),
    ...(logprobs !== undefined && { logprobs }),
  };
}

/** An answer with calls waits for their results, whatever word its host has for that. */
function reasonOf(candidate: Candidate | undefined): FinishReason {
  const hasCalls = candidate?.items.some(({ type }) => type === "tool_call") === true;
  const reason = candidate?.finishReason ?? "other";
  return reason === "stop" && hasCalls ? "tool_calls" : reason;
}

interface Message {
  content: JsonObject[];
  plan: string;
  calls: JsonObject[];
  citations: JsonObject[];
}

function messageOf(candidate: Candidate | undefined): JsonObject {
  const message: Message = { content: [], plan: "", calls: [], citations: [] };
  const items = candidate?.items ?? [];
  for (const item of items) addItem(item, message);
  const [first] = items;
  const { citations: unplaced, ...fields } = first?.type === "opaque" ? {} : messageFields(first?.extensions);
  const { content, plan, calls } = message;
  const citations = [...message.citations, ...objectsOf(unplaced)];
  return {
    role: "assistant",
    ...fields,
    ...((content.length > 0 || (plan === "" && calls.length === 0)) && { content }),
    ...(plan !== "" && { tool_plan: plan }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(citations.length > 0 && { citations }),
  };
}

function addItem(item: Item, message: Message): void {
  if (item.type === "message") addMessage(item, message);
  else if (item.type === "reasoning") addThought(item, message);
  else if (item.type === "tool_call") message.calls.push(callOf(item));
}

/** Media that a model made has no form on this wire. */
function addMessage(item: MessageItem, message: Message): void {
  const isPlan = hasShape(item.extensions, "plan");
  for (const part of item.content) {
    if (part.type === "text") {
      message.citations.push(...encodeCitations(part.citations ?? [], part.text, message.content.length));
      if (isPlan) message.plan += part.text;
      else message.content.push({ type: "text", text: part.text, ...wireFields(part.extensions) });
    } else if (part.type === "refusal") message.content.push({ type: "text", text: part.text });
    else if (part.type === "opaque" && part.dialect === DIALECT) message.content.push(part.value);
  }
}

/** Summaries and full text; state of other makers has no place here. */
function addThought(item: ReasoningItem, message: Message): void {
  const thinking = [...item.summary, item.text].filter((text) => text !== "").join("\n\n");
  if (thinking !== "") message.content.push({ type: "thinking", thinking, ...wireFields(item.extensions) });
}

function callOf({ callId: id, name, kind, arguments: text, extensions }: ToolCallItem): JsonObject {
  const args = kind === "custom" ? JSON.stringify({ input: text }) : text === "" ? "{}" : text;
  return { id, type: "function", function: { name, arguments: args }, ...wireFields(extensions) };
}
