import type { StreamPart } from "../../canonical/stream-part.ts";
import type { ChoiceState, StreamState } from "./stream-state.ts";
import { openReasoning } from "./stream-state.ts";
import { CLOSE, OPEN, afterSpace, mayOpen, settledLength } from "./think-tags.ts";

/** Where a streamed text stands that may begin with reasoning between tags. */
export interface TaggedState {
  phase: "start" | "opened" | "inside" | "closed" | "text";
  /** What cannot be told yet. */
  held: string;
  /** The opening tag with the white space around it. */
  open: string;
}

/** Takes the reasoning out of a piece of text; what is left of it to be decoded as text. */
export function takeThinking(state: StreamState, choice: ChoiceState, text: string, out: StreamPart[]): string {
  const tagged = (choice.tagged ??= { phase: "start", held: "", open: "" });
  if (tagged.phase === "text") return text;
  let rest = tagged.held + text;
  tagged.held = "";
  if (tagged.phase === "start") rest = begin(choice, tagged, rest);
  if (tagged.phase === "opened") rest = open(state, choice, tagged, rest, out);
  if (tagged.phase === "inside") rest = reason(choice, tagged, rest, out);
  if (tagged.phase === "closed") rest = leave(choice, tagged, rest);
  return rest;
}

function begin(choice: ChoiceState, tagged: TaggedState, seen: string): string {
  const isFirst = choice.message === undefined && choice.reasoning === undefined;
  if (isFirst && mayOpen(seen)) {
    tagged.held = seen;
    return "";
  }
  const start = afterSpace(seen, 0);
  const isTag = isFirst && seen.startsWith(OPEN, start);
  tagged.phase = isTag ? "opened" : "text";
  if (!isTag) return seen;
  tagged.open = seen.slice(0, start + OPEN.length);
  return seen.slice(start + OPEN.length);
}

/** Models that do not reason leave nothing between the tags: that is no reasoning item. */
function open(state: StreamState, choice: ChoiceState, tagged: TaggedState, seen: string, out: StreamPart[]): string {
  const from = afterSpace(seen, 0);
  tagged.open += seen.slice(0, from);
  const rest = seen.slice(from);
  if (rest.startsWith(CLOSE)) {
    tagged.phase = "closed";
    return rest.slice(CLOSE.length);
  }
  if (CLOSE.startsWith(rest)) {
    tagged.held = rest;
    return "";
  }
  tagged.phase = "inside";
  openReasoning(state, choice, { fields: ["reasoning_content"], tags: [tagged.open, ""] }, out);
  return rest;
}

/** Emits the reasoning that is certain; what is behind its end. */
function reason(choice: ChoiceState, tagged: TaggedState, seen: string, out: StreamPart[]): string {
  const end = seen.indexOf(CLOSE);
  const settled = settledLength(end < 0 ? seen : seen.slice(0, end));
  think(choice, seen.slice(0, settled), out);
  if (end < 0) {
    tagged.held = seen.slice(settled);
    return "";
  }
  tagged.phase = "closed";
  extendClose(choice, seen.slice(settled, end + CLOSE.length));
  return seen.slice(end + CLOSE.length);
}

function leave(choice: ChoiceState, tagged: TaggedState, seen: string): string {
  const from = afterSpace(seen, 0);
  extendClose(choice, seen.slice(0, from));
  if (from < seen.length) tagged.phase = "text";
  return seen.slice(from);
}

function think({ reasoning }: ChoiceState, text: string, out: StreamPart[]): void {
  if (reasoning === undefined || text === "") return;
  out.push({ type: "reasoning_delta", index: reasoning.index, channel: "text", part: 0, text });
}

function extendClose({ reasoning }: ChoiceState, text: string): void {
  const tags = reasoning?.form.tags;
  if (tags !== undefined) tags[1] = (tags[1] ?? "") + text;
}

/** The choice ends: what was held back is text if no tag had come, else the last of the reasoning. */
export function flushThinking(choice: ChoiceState, out: StreamPart[]): string {
  const { tagged } = choice;
  if (tagged === undefined || tagged.held === "") return "";
  const { held, phase } = tagged;
  tagged.held = "";
  if (phase === "start") return held;
  think(choice, held, out);
  return "";
}
