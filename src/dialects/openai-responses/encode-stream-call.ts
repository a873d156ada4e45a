import type { ToolCallItem } from "../../canonical/request.ts";
import { wireName } from "./namespaces.ts";
import { isSearch } from "./tool-search.ts";
import type { OutputEntry, StreamOutput } from "./stream-output.ts";

/** An entry of a tool call. */
export type CallEntry = OutputEntry & { item: ToolCallItem };

const DELTA = { function: "response.function_call_arguments.delta", custom: "response.custom_tool_call_input.delta" };
const DONE = { function: "response.function_call_arguments.done", custom: "response.custom_tool_call_input.done" };

/** Writes a piece of a call's arguments, or of a custom tool's input. Those of a search for tools are told with the whole item. */
export function writeArguments(state: StreamOutput, entry: CallEntry, text: string): void {
  if (text === "") return;
  entry.item.arguments += text;
  if (isSearch(entry.item)) return;
  state.writer.eventText(DELTA[entry.item.kind], entry.head + JSON.stringify(text));
}

/** Ends the arguments. A function that was called without any gets an empty object: clients parse what they get. */
export function closeArguments(state: StreamOutput, entry: CallEntry): void {
  if (isSearch(entry.item)) return;
  const { kind } = entry.item;
  const name = wireName(entry.item);
  if (kind === "function" && entry.item.arguments === "") writeArguments(state, entry, "{}");
  const place = { item_id: entry.id, output_index: entry.index };
  const text = entry.item.arguments;
  state.writer.event(DONE[kind], kind === "custom" ? { ...place, input: text } : { ...place, name, arguments: text });
}
