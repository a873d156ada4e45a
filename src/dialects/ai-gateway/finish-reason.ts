import type { Json } from "../../canonical/json.ts";
import type { FinishReason } from "../../canonical/response.ts";
import { objectOf, textOf, type Version } from "./wire.ts";

const ENCODED: Readonly<Record<FinishReason, string>> = {
  stop: "stop",
  stop_sequence: "stop",
  length: "length",
  tool_calls: "tool-calls",
  content_filter: "content-filter",
  refusal: "content-filter",
  pause: "other",
  error: "error",
  other: "other",
};

const DECODED: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
  error: "error",
};

/** A word in version 2; since then with the provider's own beside it. */
export function encodeFinish(reason: FinishReason, raw: string | undefined, version: Version): Json {
  const unified = ENCODED[reason];
  return version === 2 ? unified : { unified, raw: raw ?? reason };
}

/** The reason, and the provider's own word where it is told. */
export function decodeFinish(value: Json | undefined): { reason: FinishReason; raw?: string } {
  const unified = textOf(value) ?? textOf(objectOf(value)?.["unified"]) ?? "";
  const raw = textOf(objectOf(value)?.["raw"]);
  const reason = Object.hasOwn(DECODED, unified) ? DECODED[unified] : undefined;
  return { reason: reason ?? "other", ...(raw !== undefined && { raw }) };
}
