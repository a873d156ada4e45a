import type { EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import type { ImagePart } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { addWarning, type Warning } from "../../canonical/warning.ts";
import { encodeTurns } from "../../canonical/words/encode-turns.ts";
import { joinTurns, splitSystem, type Turn } from "../../canonical/words/turns.ts";
import { warnUnsaid, type Option } from "../../canonical/words/warn-unsaid.ts";
import { familyOf, type Family } from "./family.ts";
import { startOf, WAITS } from "./prediction.ts";

/**
 * A prediction whose input is a conversation. Without a stream the provider is asked to wait for it; of one with a stream it
 * says at once where that is. https://replicate.com/docs/topics/predictions/create-a-prediction
 */
export function encodeChat(request: ChatRequest, { model, warnings }: TargetContext): EncodedRequest {
  const family = familyOf(model);
  const { path, version } = startOf(model);
  warnUnsaid(
    request,
    family.options,
    "replicate",
    warnings,
    family.hasEffort === true ? ["reasoning", "verbosity"] : [],
  );
  const input = { ...encodeSaid(request, family, warnings), ...encodeOptions(request, family) };
  return {
    path,
    body: { ...(version !== undefined && { version }), input, ...(request.stream && { stream: true }) },
    headers: request.stream ? {} : { ...WAITS },
  };
}

function encodeSaid({ items }: ChatRequest, family: Family, warnings: Warning[]): JsonObject {
  const images: ImagePart[] = [];
  const turns = joinTurns(encodeTurns(items, warnings, family.images === undefined ? undefined : images));
  return { ...encodeWords(turns, family, warnings), ...encodeImages(images, family, warnings) };
}

function encodeWords(turns: Turn[], family: Family, warnings: Warning[]): JsonObject {
  if (family.hasMessages === true) return { messages: turns.map(({ role, text }) => ({ role, content: text })) };
  const { system, rest } = splitSystem(turns);
  const prompt = encodePrompt(rest, warnings);
  if (system === "") return { prompt };
  return family.system === undefined ? { prompt: `${system}\n\n${prompt}` } : { prompt, [family.system]: system };
}

const SPEAKERS: Readonly<Record<Turn["role"], string>> = { user: "User", assistant: "Assistant", system: "System" };

/** A conversation as its transcript: a prompt is one text. */
function encodePrompt(turns: readonly Turn[], warnings: Warning[]): string {
  const [first, ...others] = turns;
  if (first === undefined) return "";
  if (others.length === 0 && first.role === "user") return first.text;
  const message = "the model takes one text: the conversation was written out";
  addWarning(warnings, { code: "changed_field", field: "messages", message });
  const said = turns.map(({ role, text }) => `${SPEAKERS[role]}: ${text}`);
  const isBegun = turns.at(-1)?.role === "assistant";
  return [...said, ...(isBegun ? [] : [`${SPEAKERS.assistant}:`])].join("\n\n");
}

function encodeImages(parts: readonly ImagePart[], { images }: Family, warnings: Warning[]): JsonObject {
  const addresses = parts.flatMap((part) => addressOf(part, warnings));
  if (images === undefined || addresses.length === 0) return {};
  if (images.isList) return { [images.field]: addresses };
  const message = "the model takes one image: the last one was sent";
  if (addresses.length > 1) addWarning(warnings, { code: "dropped_content", field: "messages", message });
  return { [images.field]: addresses.at(-1) ?? null };
}

/** https://replicate.com/docs/topics/predictions/input-files */
function addressOf({ source, mediaType = "image/png" }: ImagePart, warnings: Warning[]): string[] {
  if (source.type === "url") return [source.url];
  if (source.type === "base64") return [`data:${mediaType};base64,${source.data}`];
  const message = "an image that only another provider has was left out";
  addWarning(warnings, { code: "dropped_content", field: "messages", message });
  return [];
}

function encodeOptions(request: ChatRequest, { options, hasEffort }: Family): JsonObject {
  const found: JsonObject = {};
  for (const [option, field] of Object.entries(options) as [Option, string][]) {
    const value = request[option];
    // "A comma-separated list of sequences to stop generation at".
    if (value !== undefined) found[field] = Array.isArray(value) ? value.join(",") : value;
  }
  if (hasEffort !== true) return found;
  if (request.reasoning?.effort !== undefined) found["reasoning_effort"] = request.reasoning.effort;
  if (request.verbosity !== undefined) found["verbosity"] = request.verbosity;
  return found;
}
