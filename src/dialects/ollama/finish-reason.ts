import type { Json } from "../../canonical/json.ts";
import type { FinishReason } from "../../canonical/response.ts";

const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  content_filter: "content_filter",
};

/**
 * Decodes `done_reason` (`DoneReason` in `llm/server.go`): servers before it had one, and a broken connection to the model,
 * leave it out. `load` and `unload` answer a request without messages.
 */
export function decodeFinish(word: Json | undefined, calledTools: boolean): FinishReason {
  const text = typeof word === "string" ? word : "";
  const reason = text === "" ? "stop" : Object.hasOwn(REASONS, text) ? REASONS[text] : undefined;
  return reason === "stop" && calledTools ? "tool_calls" : (reason ?? "other");
}

/** The word for a client, `content_filter` where Ollama itself has none; `raw`: the provider's own, when it spoke this dialect. */
export function encodeFinish(reason: FinishReason, raw: string | undefined): string {
  if (raw !== undefined) return raw;
  if (reason === "length") return "length";
  return reason === "content_filter" || reason === "refusal" ? "content_filter" : "stop";
}
