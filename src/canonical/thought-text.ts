import type { ReasoningItem } from "./request.ts";

/** Text of a thought for a reader: summaries and full text, in that order. */
export function thoughtText({ summary, text }: Pick<ReasoningItem, "summary" | "text">): string {
  return [...summary, text].filter((each) => each !== "").join("\n\n");
}
