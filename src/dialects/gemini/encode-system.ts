import type { JsonObject } from "../../canonical/json.ts";
import type { Item, MessageItem } from "../../canonical/request.ts";
import { isPlaced } from "./encode-contents.ts";
import type { RequestContext } from "./encode-context.ts";
import { encodePart } from "./encode-part.ts";
import { groupOf } from "./groups.ts";
import { readObject } from "./read.ts";
import type { WirePart } from "./wire.ts";

/**
 * Gathers system and developer messages into one `systemInstruction`, the only place that Gemini has for them.
 * Those that stood later in the conversation move to its front, with a warning. Undefined when there are none.
 */
export function encodeSystem(items: readonly Item[], context: RequestContext): JsonObject | undefined {
  const parts: WirePart[] = [];
  let fields: JsonObject | undefined;
  let begun = false;
  for (const [index, item] of items.entries()) {
    if (!isInstruction(item)) begun = true;
    else {
      fields ??= instructionFields(item);
      if (begun) warnMoved(index, context);
      for (const [at, part] of item.content.entries()) {
        parts.push(...encodePart(part, `items[${index}].content[${at}]`, context));
      }
    }
  }
  return fields === undefined || (parts.length === 0 && Object.keys(fields).length === 0)
    ? undefined
    : { ...fields, parts };
}

function isInstruction(item: Item): item is MessageItem {
  return item.type === "message" && groupOf(item) === "system" && !isPlaced(item);
}

function instructionFields(item: MessageItem): JsonObject {
  const kept = item.extensions?.gemini;
  return (kept === undefined ? undefined : readObject(kept, "instruction")) ?? {};
}

function warnMoved(index: number, context: RequestContext): void {
  context.warn("changed_field", `items[${index}].role`, "Gemini has one system instruction; this message moved to it");
}
