import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { emptyUsage, tokenCount, type Usage } from "../../canonical/usage.ts";
import { objectOf } from "./wire.ts";

/**
 * The normal form of `usage` (chat) or `meta` (embed, rerank). `billed_units` is what the vendor charges; `tokens` also counts
 * the prompt that it puts around the conversation itself, free of charge (vendor SDK: `Usage`, `ApiMeta`;
 * https://docs.cohere.com/docs/how-does-cohere-pricing-work). The counts are those that are billed, or all where a server
 * bills nothing. `cached_tokens` counts within `tokens`, from the front, where the unbilled prompt stands: what exceeds that
 * prompt was billed input. Undefined when there are no counts.
 */
export function decodeUsage(wire: Json | undefined): Usage | undefined {
  if (!isJsonObject(wire)) return undefined;
  const { billed_units: billedUnits, tokens } = wire;
  if (!isJsonObject(billedUnits) && !isJsonObject(tokens)) return undefined;
  const billed = objectOf(billedUnits);
  const all = objectOf(tokens);
  const usage = emptyUsage();
  usage.inputTokens = countOf(billed, all, "input_tokens") + tokenCount(billed["image_tokens"]);
  usage.outputTokens = countOf(billed, all, "output_tokens");
  const unbilled = Math.max(0, tokenCount(all["input_tokens"]) - usage.inputTokens);
  usage.cachedInputTokens = Math.min(usage.inputTokens, Math.max(0, tokenCount(wire["cached_tokens"]) - unbilled));
  const units = unitsOf(billed);
  if (units !== undefined) usage.units = units;
  usage.raw = wire;
  return usage;
}

function countOf(billed: JsonObject, all: JsonObject, name: string): number {
  return tokenCount(billed[name] ?? all[name]);
}

function unitsOf(billed: JsonObject): Usage["units"] {
  const searches = tokenCount(billed["search_units"]);
  const images = tokenCount(billed["images"]);
  if (searches === 0 && images === 0) return undefined;
  return { ...(searches > 0 && { searches }), ...(images > 0 && { images }) };
}

/** The upstream's own object, if it has this dialect's form and says the same as the counts. */
function rawUsage(usage: Usage): JsonObject | undefined {
  const raw = usage.raw as Json | undefined;
  const again = decodeUsage(raw);
  if (again === undefined || !isJsonObject(raw)) return undefined;
  return again.inputTokens === usage.inputTokens && again.outputTokens === usage.outputTokens ? raw : undefined;
}

/** The usage object of a chat answer: the upstream's own where it spoke this dialect, else made from the counts. */
export function encodeUsage(usage: Usage): JsonObject {
  const { inputTokens: input_tokens, outputTokens: output_tokens } = usage;
  return (
    rawUsage(usage) ?? {
      billed_units: { input_tokens, output_tokens },
      tokens: { input_tokens, output_tokens },
      cached_tokens: usage.cachedInputTokens,
    }
  );
}

const API_VERSION = { version: "2" };

/** The `meta` object of an answer to embed or rerank, for clients. */
export function encodeMeta(usage: Usage | undefined): JsonObject {
  if (usage === undefined) return { api_version: API_VERSION };
  const raw = rawUsage(usage);
  if (raw !== undefined) return raw;
  const { inputTokens: input_tokens, units } = usage;
  const billed_units = {
    ...(input_tokens > 0 && { input_tokens }),
    ...(units?.searches !== undefined && { search_units: units.searches }),
    ...(units?.images !== undefined && { images: units.images }),
  };
  return { api_version: API_VERSION, billed_units };
}
