import type { Item } from "../../canonical/request.ts";

/** What may share one Content: everything the model made, results of tools, the user's words, instructions. */
export type Group = "model" | "result" | "user" | "system";

/**
 * The group of an item. Neighbouring items of one group make one Content: parallel calls stand together, and so do
 * their results, as the API demands (https://ai.google.dev/gemini-api/docs/function-calling#parallel_function_calling).
 */
export function groupOf(item: Item): Group {
  switch (item.type) {
    case "tool_result":
      return "result";
    case "message":
      return messageGroup(item.role);
    case "opaque":
      return item.role === "assistant" ? "model" : "user";
    default:
      return "model";
  }
}

function messageGroup(role: "system" | "developer" | "user" | "assistant"): Group {
  if (role === "assistant") return "model";
  return role === "user" ? "user" : "system";
}
