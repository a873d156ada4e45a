import { objectFrom, type JsonObject } from "./json.ts";
import { isNoArguments } from "./no-arguments.ts";
import type { ToolCallItem } from "./request.ts";
import { warnOnce, type Warning } from "./warning.ts";

/** The object that arguments spell; undefined when they do not. */
export function spelledInput(text: string): JsonObject | undefined {
  return isNoArguments(text) ? {} : objectFrom(text);
}

/** A call's arguments for wires that have an object: free text, and what spells none, becomes its field `input`. */
export function callInput({ kind, arguments: text }: ToolCallItem): JsonObject {
  return (kind === "custom" ? undefined : spelledInput(text)) ?? { input: text };
}

/** The same on the way to a provider, whose model may not have written it so. */
export function warnedInput(item: ToolCallItem, warnings: Warning[]): JsonObject {
  if (item.kind !== "custom" && spelledInput(item.arguments) === undefined) {
    const message = "tool arguments that are no JSON object were sent as a text field of one";
    warnOnce(warnings, "changed_field", "messages", message);
  }
  return callInput(item);
}
