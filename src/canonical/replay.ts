import type { MessageItem, ReasoningItem, ToolCallItem } from "./request.ts";
import type { Candidate, ChatResponse } from "./response.ts";
import type { StreamPart } from "./stream-part.ts";

/**
 * The parts of a stream that says the same as a whole answer: for clients that asked for a stream where the upstream
 * (or a cache) gave the answer at once.
 */
export function replayResponse(response: ChatResponse): StreamPart[] {
  const out: StreamPart[] = [startOf(response)];
  let index = 0;
  for (const candidate of response.candidates) index = replayCandidate(candidate, index, out);
  if (response.usage !== undefined) out.push({ type: "usage", usage: response.usage });
  out.push({ type: "end" });
  return out;
}

function startOf(response: ChatResponse): StreamPart {
  const { id, model, createdAt, serviceTier, extensions } = response;
  return {
    type: "start",
    id,
    model,
    createdAt,
    ...(serviceTier !== undefined && { serviceTier }),
    ...(extensions !== undefined && { extensions }),
  };
}

function replayCandidate(candidate: Candidate, from: number, out: StreamPart[]): number {
  let index = from;
  let logprobs = candidate.logprobs;
  for (const item of candidate.items) {
    const number = candidate.index;
    if (item.type === "message") {
      replayMessage(item, index, number, out, logprobs);
      logprobs = undefined;
    } else if (item.type === "reasoning") replayReasoning(item, index, number, out);
    else if (item.type === "tool_call") replayToolCall(item, index, number, out);
    else if (item.type === "opaque") {
      out.push({ type: "opaque_item", index, candidate: number, dialect: item.dialect, value: item.value });
    } else continue;
    index += 1;
  }
  out.push(finishOf(candidate));
  return index;
}

function replayMessage(
  item: MessageItem,
  index: number,
  candidate: number,
  out: StreamPart[],
  logprobs: Candidate["logprobs"],
): void {
  out.push({ type: "item_start", index, candidate, kind: "message", ...identityOf(item) });
  let part = 0;
  let pending = logprobs;
  for (const content of item.content) {
    if (content.type === "text") {
      out.push({
        type: "text_delta",
        index,
        part,
        text: content.text,
        ...(pending !== undefined && { logprobs: pending }),
        ...(content.opaque !== undefined && { opaque: content.opaque }),
      });
      pending = undefined;
      for (const citation of content.citations ?? []) out.push({ type: "citation", index, part, citation });
      part += 1;
    } else if (content.type === "refusal") {
      out.push({ type: "refusal_delta", index, part, text: content.text });
      part += 1;
    } else out.push({ type: "media", index, media: content });
  }
  out.push({ type: "item_end", index });
}

function replayReasoning(item: ReasoningItem, index: number, candidate: number, out: StreamPart[]): void {
  out.push({ type: "item_start", index, candidate, kind: "reasoning", ...identityOf(item) });
  item.summary.forEach((text, part) => out.push({ type: "reasoning_delta", index, channel: "summary", part, text }));
  if (item.text !== "") out.push({ type: "reasoning_delta", index, channel: "text", part: 0, text: item.text });
  if (item.opaque !== undefined) out.push({ type: "item_opaque", index, opaque: item.opaque });
  out.push({ type: "item_end", index });
}

function replayToolCall(item: ToolCallItem, index: number, candidate: number, out: StreamPart[]): void {
  const { callId, name, kind } = item;
  const start: StreamPart = { type: "item_start", index, candidate, kind: "tool_call", callId, name, toolKind: kind };
  out.push({ ...start, ...identityOf(item), ...(item.opaque !== undefined && { opaque: item.opaque }) });
  if (item.arguments !== "") out.push({ type: "tool_delta", index, text: item.arguments });
  out.push({ type: "item_end", index });
}

function identityOf(item: MessageItem | ReasoningItem | ToolCallItem): Pick<MessageItem, "id" | "extensions"> {
  return {
    ...(item.id !== undefined && { id: item.id }),
    ...(item.extensions !== undefined && { extensions: item.extensions }),
  };
}

function finishOf(candidate: Candidate): StreamPart {
  const { index, finishReason, rawFinishReason, stopSequence, extensions } = candidate;
  return {
    type: "finish",
    candidate: index,
    reason: finishReason,
    ...(rawFinishReason !== undefined && { raw: rawFinishReason }),
    ...(stopSequence !== undefined && { stopSequence }),
    ...(extensions !== undefined && { extensions }),
  };
}
