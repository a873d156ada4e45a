import type { ReasoningItem } from "../../canonical/request.ts";
import { partHead } from "./stream-output.ts";
import type { OpenPart, OutputEntry, PartOf, StreamOutput } from "./stream-output.ts";

/** An entry of a reasoning item. */
export type ReasoningEntry = OutputEntry & { item: ReasoningItem };

/** Writes reasoning: the full text, or part of a summary. Text that is shown as a summary is its first part. */
export function writeReasoning(state: StreamOutput, entry: ReasoningEntry, part: PartOf<"reasoning_delta">): void {
  if (part.text === "") return;
  const asText = part.channel === "text" && !state.textAsSummary;
  const open = asText ? openReasoning(state, entry) : openSummary(state, entry, part.part);
  if (open.kind === "reasoning") {
    entry.item.text += part.text;
    state.writer.eventText("response.reasoning_text.delta", open.head + JSON.stringify(part.text));
    return;
  }
  entry.item.summary[open.index] += part.text;
  state.writer.eventText("response.reasoning_summary_text.delta", open.head + JSON.stringify(part.text));
}

/** All text of an item is one content part. */
function openReasoning(state: StreamOutput, entry: ReasoningEntry): OpenPart {
  if (entry.open?.kind === "reasoning") return entry.open;
  const open: OpenPart = { kind: "reasoning", number: 0, index: 0, head: partHead(entry, "content_index", 0) };
  if (entry.item.text !== "") return open;
  closeReasoningPart(state, entry);
  state.writer.event("response.content_part.added", {
    ...contentPlace(entry),
    part: { type: "reasoning_text", text: "" },
  });
  return (entry.open = open);
}

function contentPlace(entry: OutputEntry): { item_id: string; output_index: number; content_index: number } {
  return { item_id: entry.id, output_index: entry.index, content_index: 0 };
}

function openSummary(state: StreamOutput, entry: ReasoningEntry, number: number): OpenPart {
  const { open } = entry;
  if (open?.kind === "summary" && open.number === number) return open;
  const place = entry.places[number];
  if (place !== undefined) return summaryPart(entry, number, place);
  closeReasoningPart(state, entry);
  const index = entry.item.summary.push("") - 1;
  entry.places[number] = index;
  state.writer.event("response.reasoning_summary_part.added", {
    ...summaryPlace(entry, index),
    part: { type: "summary_text", text: "" },
  });
  return (entry.open = summaryPart(entry, number, index));
}

function summaryPart(entry: OutputEntry, number: number, index: number): OpenPart {
  return { kind: "summary", number, index, head: partHead(entry, "summary_index", index) };
}

function summaryPlace(
  entry: OutputEntry,
  index: number,
): { item_id: string; output_index: number; summary_index: number } {
  return { item_id: entry.id, output_index: entry.index, summary_index: index };
}

/** Ends the open part of a reasoning item: the done event of its text, and of the part. */
export function closeReasoningPart(state: StreamOutput, entry: ReasoningEntry): void {
  const { open } = entry;
  if (open === undefined) return;
  entry.open = undefined;
  if (open.kind === "reasoning") {
    const { text } = entry.item;
    state.writer.event("response.reasoning_text.done", { ...contentPlace(entry), text });
    state.writer.event("response.content_part.done", {
      ...contentPlace(entry),
      part: { type: "reasoning_text", text },
    });
    return;
  }
  const text = entry.item.summary[open.index] ?? "";
  const place = summaryPlace(entry, open.index);
  state.writer.event("response.reasoning_summary_text.done", { ...place, text });
  state.writer.event("response.reasoning_summary_part.done", { ...place, part: { type: "summary_text", text } });
}
