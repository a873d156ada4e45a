import { spelledInput } from "../../canonical/call-input.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ToolCallItem } from "../../canonical/request.ts";
import { OLLAMA } from "./wire.ts";

/** The one argument of a tool that takes free text, which goes out as a function. */
export const CUSTOM_ARGUMENT = "input";

/** Encodes a call; arguments are an object here. */
export function encodeCall({ callId, name, kind, arguments: text, extensions }: ToolCallItem): JsonObject {
  const own = extensions?.[OLLAMA];
  const index = own?.["index"];
  return {
    ...(own?.["noId"] !== true && { id: callId }),
    function: { ...(index !== undefined && { index }), name, arguments: argumentsOf(text, kind) },
  };
}

/** Free text, and what is no JSON object, stands under one name. */
export function argumentsOf(text: string, kind: ToolCallItem["kind"]): JsonObject {
  return (kind === "custom" ? undefined : spelledInput(text)) ?? { [CUSTOM_ARGUMENT]: text };
}
