import { callInput } from "../../canonical/call-input.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ToolCallItem } from "../../canonical/request.ts";
import { OLLAMA } from "./wire.ts";

/** Encodes a call; arguments are an object here. */
export function encodeCall(item: ToolCallItem): JsonObject {
  const { callId, name, extensions } = item;
  const own = extensions?.[OLLAMA];
  const index = own?.["index"];
  return {
    ...(own?.["noId"] !== true && { id: callId }),
    function: { ...(index !== undefined && { index }), name, arguments: callInput(item) },
  };
}
