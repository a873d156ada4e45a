import type { Part } from "../../canonical/content.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import type { Item } from "../../canonical/request.ts";
import { addWarning, type Warning } from "../../canonical/warning.ts";

/** A conversation as one text. */
export interface WrittenOut {
  prompt: string;
  /** Where the model would go on with the user's part. */
  stop: string | undefined;
}

const SPEAKERS = { system: "System", developer: "System", user: "User", assistant: "Assistant" } as const;

/**
 * Writes a conversation out as one text, for models that only complete text. What a user alone says stands as it is. Else
 * instructions at the start come first, without a name; then one line a turn, `User: …`, `Assistant: …`, `Tool: …`; and the
 * text ends with `Assistant:`, or with the words that the client gave the assistant to go on with. What is no text is left
 * out with a warning.
 */
export function writeOut(items: readonly Item[], warnings: Warning[]): WrittenOut {
  const alone = items.length === 1 ? items[0] : undefined;
  if (alone?.type === "message" && alone.role === "user") {
    warnOfName(alone.name, "items[0]", warnings);
    return { prompt: textOf(alone.content, "items[0]", warnings), stop: undefined };
  }
  const lines: string[] = [];
  const afterPreface = items.findIndex((item) => item.type !== "message" || !isSystem(item.role));
  for (const [at, item] of items.entries()) {
    const isPreface = afterPreface === -1 || at <= afterPreface;
    const line = lineOf(item, at, lines.length === 0 || isPreface, warnings);
    if (line !== "") lines.push(line);
  }
  const message = "the conversation was written out as one text, for a model that only completes text";
  addWarning(warnings, { code: "changed_field", field: "messages", message });
  const last = items.at(-1);
  const isBegun = last?.type === "message" && last.role === "assistant";
  return { prompt: [...lines, ...(isBegun ? [] : ["Assistant:"])].join("\n"), stop: "\nUser:" };
}

function isSystem(role: string): boolean {
  return role === "system" || role === "developer";
}

function lineOf(item: Item, at: number, isFirst: boolean, warnings: Warning[]): string {
  const field = `items[${at}]`;
  if (item.type === "message") {
    const text = textOf(item.content, field, warnings);
    warnOfName(item.name, field, warnings);
    if (text === "") return "";
    return isFirst && isSystem(item.role) ? `${text}\n` : `${SPEAKERS[item.role]}: ${text}`;
  }
  if ("cache" in item && item.cache !== undefined) leaveOut("cache_control", "a cache marker", warnings);
  if ("opaque" in item && item.opaque !== undefined) leaveState(item.opaque, field, warnings);
  if (item.type === "tool_result") return `Tool: ${textOf(item.content, field, warnings)}`;
  leaveOut(field, `a ${item.type} item`, warnings);
  return "";
}

function warnOfName(name: string | undefined, field: string, warnings: Warning[]): void {
  if (name !== undefined) leaveOut(`${field}.name`, "the speaker's name", warnings);
}

function textOf(parts: readonly Part[], field: string, warnings: Warning[]): string {
  let text = "";
  for (const [at, part] of parts.entries()) {
    if (part.type === "text" || part.type === "refusal") text += part.text;
    else if (part.type === "file" && part.source.type === "text") {
      const message = "the text of a document was sent as a part of the prompt";
      addWarning(warnings, { code: "changed_field", field: `${field}.content[${at}]`, message });
      text += text === "" ? part.source.text : `\n\n${part.source.text}`;
    } else leaveOut(`${field}.content[${at}]`, `a part of type ${part.type}`, warnings);
    if (part.type === "text" && part.opaque !== undefined) leaveState(part.opaque, field, warnings);
    if (part.type !== "refusal" && part.cache !== undefined) leaveOut("cache_control", "a cache marker", warnings);
  }
  return text;
}

function leaveState({ maker }: Opaque, field: string, warnings: Warning[]): void {
  const message = `reasoning state of ${maker} means nothing to another model and was left out`;
  addWarning(warnings, { code: "dropped_opaque", field, message });
}

function leaveOut(field: string, what: string, warnings: Warning[]): void {
  const message = `${what} has no place in a text to complete and was left out`;
  addWarning(warnings, { code: "dropped_content", field, message });
}
