import type { JsonObject } from "../../canonical/json.ts";
import type { RequestContext } from "./encode-context.ts";
import { readList } from "./read.ts";

/** Said where the API wants the user to speak. */
const FILLER = "Continue.";

/**
 * Puts in the user turns without which the API refuses the contents of another dialect: a call must come after the user or a
 * response ("function call turn comes immediately after a user turn or after a function response turn"), and models without
 * prefill refuse contents that end with a model turn
 * (https://ai.google.dev/gemini-api/docs/generate-content/whats-new-gemini-3.6).
 */
export function addUserTurns(contents: JsonObject[], context: RequestContext): void {
  if (isCallTurn(contents[0])) {
    contents.unshift(fillerTurn());
    warnFilled("before the first function call", context);
  }
  const last = contents.at(-1);
  if (last?.role !== "model" || context.traits.prefill || isCallTurn(last)) return;
  contents.push(fillerTurn());
  warnFilled("after the last assistant message", context);
}

function isCallTurn(content: JsonObject | undefined): boolean {
  if (content?.role !== "model") return false;
  return readList(content, "parts")?.some(isCallPart) === true;
}

function isCallPart(part: unknown): boolean {
  return typeof part === "object" && part !== null && "functionCall" in part;
}

function fillerTurn(): JsonObject {
  return { role: "user", parts: [{ text: FILLER }] };
}

function warnFilled(place: string, context: RequestContext): void {
  context.warn("changed_field", "messages", `the user turn "${FILLER}" was put ${place}`);
}
