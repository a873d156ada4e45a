import type { JsonObject } from "../../canonical/json.ts";
import type { ReasoningItem } from "../../canonical/request.ts";
import { textsOf } from "./decode-item.ts";
import { ownFields, without } from "./own-fields.ts";

/**
 * The fields of a reasoning item beside those that every encoding writes: `content`, in the parts that it came in while
 * they still say the same as the text, and the item's own fields.
 */
export function reasoningFields(item: ReasoningItem): JsonObject {
  const fields = ownFields(item);
  if ("content" in fields && textsOf(fields.content).join("") === item.text) return fields;
  const rest = without(fields, "content");
  return item.text === "" ? rest : { ...rest, content: [{ type: "reasoning_text", text: item.text }] };
}
