import type { Part } from "../../canonical/content.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { ToolResultItem } from "../../canonical/request.ts";
import { decodeFile } from "./decode-file.ts";
import { decodeCache } from "./provider-state.ts";
import { AI_GATEWAY, objectOf, objectsOf, textOf } from "./wire.ts";

/** Decodes a `tool-result` part: its output is text, JSON, an error of either, a denial, or content. */
export function decodeOutput(part: JsonObject, param: string): ToolResultItem {
  const callId = textOf(part["toolCallId"]);
  if (callId === undefined) {
    throw new GatewayError("invalid_request", `${param}.toolCallId must be a text`, { param: `${param}.toolCallId` });
  }
  const output = objectOf(part["output"]);
  const type = textOf(output?.["type"]) ?? "";
  const options = objectOf(part["providerOptions"]);
  const cache = decodeCache(options);
  const name = textOf(part["toolName"]);
  return {
    type: "tool_result",
    callId,
    ...(name !== undefined && { name }),
    kind: "function",
    content: output === undefined ? [] : contentOf(type, output),
    ...((type.startsWith("error-") || type === "execution-denied") && { isError: true }),
    ...(cache !== undefined && { cache }),
    extensions: { [AI_GATEWAY]: { outputType: type, ...(options !== undefined && { providerOptions: options }) } },
  };
}

function contentOf(type: string, output: JsonObject): Part[] {
  const { value } = output;
  if (type === "content") return objectsOf(value).map(partOf);
  if (type === "execution-denied") return [text(textOf(output["reason"]) ?? "The user did not allow it.")];
  return [text(typeof value === "string" && !type.endsWith("json") ? value : JSON.stringify(value ?? null))];
}

const text = (words: string): Part => ({ type: "text", text: words });

function partOf(value: JsonObject): Part {
  if (value["type"] === "text") return text(textOf(value["text"]) ?? "");
  return decodeFile(fileForm(value)) ?? { type: "opaque", dialect: AI_GATEWAY, value };
}

/** The forms of versions 2 (`media`) and 3 (`file-data`, `image-url`, …) as a `file` part has them. */
function fileForm(value: JsonObject): JsonObject {
  const { type, data, url, fileId, mediaType } = value;
  const isImage = typeof type === "string" && type.startsWith("image-");
  const named: Json = mediaType ?? (isImage ? "image" : "");
  if (typeof url === "string") return { ...value, data: { type: "url", url }, mediaType: named };
  if (fileId !== undefined) {
    const reference = typeof fileId === "string" ? { any: fileId } : fileId;
    return { ...value, data: { type: "reference", reference }, mediaType: named };
  }
  return { ...value, data: data ?? null, mediaType: named };
}
