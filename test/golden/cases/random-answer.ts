import type { Part } from "../../../src/canonical/content.ts";
import type { ChatDialect } from "../../../src/canonical/names.ts";
import { CHAT_DIALECTS } from "../../../src/canonical/names.ts";
import type { Opaque } from "../../../src/canonical/opaque.ts";
import { replayResponse } from "../../../src/canonical/replay.ts";
import type { Item } from "../../../src/canonical/request.ts";
import type { Candidate, ChatResponse, FinishReason } from "../../../src/canonical/response.ts";
import type { StreamPart } from "../../../src/canonical/stream-part.ts";
import { emptyUsage, type Usage } from "../../../src/canonical/usage.ts";
import type { Chooser } from "./random.ts";

const stateOf = (it: Chooser, makers: readonly ChatDialect[]): { opaque?: Opaque } =>
  it.once(3)
    ? { opaque: { maker: it.oneOf(makers), kind: it.oneOf(["signature", "encrypted"]), value: it.text("state") } }
    : {};

/** Gemini names its sources at the very end, when a text before tool calls has ended: such a text has none here. */
function spoken(it: Chooser, isLast: boolean): Part[] {
  if (it.once(8)) return [{ type: "refusal", text: it.text("refusal") }];
  return it.several(1, 2, (): Part => {
    const text = it.text("answer");
    const site = { type: "url" as const, url: `https://example.com/${it.below(1e6)}`, title: it.text("title") };
    return {
      type: "text",
      text,
      ...(isLast && it.once(5) && { citations: [{ ...site, start: 0, end: text.length }] }),
    };
  });
}

function itemsOf(it: Chooser): Item[] {
  const items: Item[] = [];
  if (it.once(3)) {
    const [summary, text] = it.once(2) ? [it.several(1, 2, () => it.text("summary")), ""] : [[], it.text("thought")];
    items.push({ type: "reasoning", summary, text, ...stateOf(it, CHAT_DIALECTS) });
  }
  const calls = it.once(3);
  if (!it.once(4)) items.push({ type: "message", role: "assistant", content: spoken(it, !calls) });
  if (calls) items.push(...it.several(1, 3, (at) => callOf(it, at)));
  return items;
}

function callOf(it: Chooser, at: number): Item {
  const kind = it.once(6) ? "custom" : "function";
  const value = it.text("argument");
  const text = kind === "custom" ? value : it.once(8) ? "{}" : JSON.stringify({ q: value });
  const name = kind === "custom" ? "run_code" : `tool_${at}`;
  return { type: "tool_call", callId: `call_${at}`, name, kind, arguments: text, ...stateOf(it, ["gemini"]) };
}

function candidateOf(it: Chooser, index: number): Candidate {
  const items = itemsOf(it);
  const calls = items.some(({ type }) => type === "tool_call");
  const finishReason: FinishReason = calls ? "tool_calls" : it.oneOf(["stop", "stop", "length", "content_filter"]);
  return { index, items, finishReason };
}

function usageOf(it: Chooser): Usage {
  const inputTokens = 100 + it.below(900);
  const outputTokens = 10 + it.below(90);
  return {
    ...emptyUsage(),
    inputTokens,
    outputTokens,
    cachedInputTokens: it.once(2) ? it.below(50) : 0,
    cacheWriteTokens: it.once(4) ? it.below(50) : 0,
    reasoningTokens: it.once(2) ? it.below(10) : 0,
  };
}

/** An answer that some provider could have given. */
export function randomAnswer(it: Chooser): ChatResponse {
  const candidates = it.several(1, it.once(6) ? 2 : 1, (index) => candidateOf(it, index));
  return { id: "answer-1", model: "m-1", createdAt: 1_760_000_000, candidates, usage: usageOf(it) };
}

/** Text in pieces; a character beyond 16 bits may be cut in two, as wires that stream UTF-16 units do not. */
function piecesOf(text: string, it: Chooser): string[] {
  const pieces: string[] = [];
  let rest = Array.from(text);
  while (rest.length > 0) {
    const length = 1 + it.below(8);
    pieces.push(rest.slice(0, length).join(""));
    rest = rest.slice(length);
  }
  return pieces;
}

function cut(part: StreamPart, it: Chooser): StreamPart[] {
  if (part.type !== "text_delta" && part.type !== "tool_delta" && part.type !== "reasoning_delta") return [part];
  return piecesOf(part.text, it).map((text) => ({ ...part, text }));
}

/** The parts of a call that stands beside other calls go between theirs. */
function mingled(parts: readonly StreamPart[], it: Chooser): StreamPart[] {
  const out: StreamPart[] = [];
  const waiting: StreamPart[][] = [];
  for (const part of parts) {
    const last = waiting.at(-1);
    if (part.type === "item_start" && part.kind === "tool_call") waiting.push([part]);
    else if (
      last !== undefined &&
      "index" in part &&
      last[0] !== undefined &&
      "index" in last[0] &&
      last[0].index === part.index
    )
      last.push(part);
    else {
      drain(waiting, it, out);
      out.push(part);
    }
  }
  drain(waiting, it, out);
  return out;
}

/** Calls begin and end in their order. */
function drain(waiting: StreamPart[][], it: Chooser, out: StreamPart[]): void {
  const ends = waiting.flatMap((parts) => parts.splice(-1));
  for (const parts of waiting) out.push(...parts.splice(0, 1));
  while (waiting.some((parts) => parts.length > 0)) {
    out.push(...it.oneOf(waiting.filter((parts) => parts.length > 0)).splice(0, 1));
  }
  out.push(...ends);
  waiting.length = 0;
}

/** The answer as the parts of a stream: in small pieces, parallel calls mingled, with keep-alives and usage on the way. */
export function randomStream(response: ChatResponse, it: Chooser): StreamPart[] {
  const parts = replayResponse(response).flatMap((part) => cut(part, it));
  const ordered = it.once(2) ? mingled(parts, it) : parts;
  const { usage } = response;
  return ordered.flatMap((part): StreamPart[] => {
    if (part.type === "start" || part.type === "end" || !it.once(15)) return [part];
    return usage === undefined || it.once(2)
      ? [{ type: "ping" }, part]
      : [{ type: "usage", usage: { ...usage, outputTokens: 1 } }, part];
  });
}
