import type { EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import type { ImagePart } from "../../canonical/content.ts";
import { given } from "../../canonical/given.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest, Effort, ReasoningOptions } from "../../canonical/request.ts";
import { wantedEffort } from "../../canonical/wanted-effort.ts";
import { warnUnsupported } from "../../canonical/warn-unsupported.ts";
import { addWarning, type Warning } from "../../canonical/warning.ts";
import { encodeTurns } from "../../canonical/words/encode-turns.ts";
import { joinTurns, splitSystem, type Turn } from "../../canonical/words/turns.ts";
import { warnUnsaid, type Option } from "../../canonical/words/warn-unsaid.ts";
import { familyOf, type Family } from "./family.ts";
import { startOf, WAITS } from "./prediction.ts";

type Target = Pick<TargetContext, "model" | "warnings">;

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
  const input = {
    ...encodeSaid(request, family, warnings),
    ...encodeOptions(request, family),
    ...(family.hasEffort === true && encodeEffort(request, { model, warnings })),
  };
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

function encodeOptions(request: ChatRequest, { options }: Family): JsonObject {
  const found: JsonObject = {};
  for (const [option, field] of Object.entries(options) as [Option, string][]) {
    const value = request[option];
    // "A comma-separated list of sequences to stop generation at".
    if (value !== undefined) found[field] = Array.isArray(value) ? value.join(",") : value;
  }
  return found;
}

function encodeEffort({ reasoning, verbosity }: ChatRequest, target: Target): JsonObject {
  const effort = reasoning === undefined ? undefined : effortOf(reasoning, target);
  return given({ reasoning_effort: effort, verbosity });
}

/** https://replicate.com/openai/gpt-5.1/api/schema; those before know no `none`: https://replicate.com/openai/gpt-5/api/schema */
const TAKES_NONE = /^openai\/gpt-5\.\d/;

function effortOf(reasoning: ReasoningOptions, { model, warnings }: Target): Effort | undefined {
  warnOfWishes(reasoning, warnings);
  if (!isOff(reasoning) || TAKES_NONE.test(model)) return wantedEffort(reasoning, warnings);
  const message = "no effort was sent: the model takes no 'none'";
  addWarning(warnings, { code: "changed_field", field: "reasoning.effort", message });
  return undefined;
}

function isOff({ effort, budgetTokens }: ReasoningOptions): boolean {
  return effort === undefined ? budgetTokens === 0 : effort === "none";
}

/** There are efforts alone: the model cannot be left to decide, and shows no summary. */
function warnOfWishes({ effort, budgetTokens = 0, adaptive, summary }: ReasoningOptions, warnings: Warning[]): void {
  const isLeft = effort === undefined && (budgetTokens < 0 || (adaptive === true && budgetTokens === 0));
  const isSummed = summary === "concise" || summary === "detailed";
  warnUnsupported(warnings, { reasoning: isLeft || undefined, "reasoning.summary": isSummed || undefined });
}
