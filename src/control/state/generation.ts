import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { RequestRecord } from "../../canonical/record.ts";
import { parseRecord } from "../../domain/journal/parse-record.ts";
import type { Asker } from "../../domain/state/ask.ts";
import { ownerOf } from "../../domain/state/owner.ts";
import type { StateStore } from "../../domain/state/port.ts";

const NANO = 1e9;
/** Before the request's id in those of answers that the gateway keeps. */
const KEPT = /^resp_(?=req_)/;

/**
 * A record in the form of OpenRouter's `GET /generation`, found by the id of the answer or of the request; what nobody knows
 * is null. https://openrouter.ai/docs/api-reference/get-a-generation
 */
export function generation(
  store: StateStore & { get(id: string): RequestRecord | null },
  { owner }: Asker,
  id: Json | undefined,
): JsonObject {
  const record = typeof id === "string" ? recordOf(store, id) : null;
  const key = record?.virtual_key ?? null;
  const isOwn = record !== null && ownerOf(key === null ? null : { id: key, team: record.team }) === owner;
  if (!isOwn)
    throw new GatewayError("not_found", "no such generation of this virtual key or its team", { param: "id" });
  return { data: present(record) };
}

function recordOf(store: StateStore & { get(id: string): RequestRecord | null }, id: string): RequestRecord | null {
  const text = store.recordByResponse(id);
  return text === null ? store.get(id.replace(KEPT, "")) : parseRecord(text);
}

function present(record: RequestRecord): JsonObject {
  const cost = record.cost_nano_usd === null ? null : record.cost_nano_usd / NANO;
  return {
    id: record.response_id ?? record.id,
    upstream_id: record.response_id,
    request_id: record.id,
    model: record.model === null ? record.requested_model : `${record.provider}/${record.model}`,
    provider_name: record.provider,
    api_type: record.operation,
    created_at: new Date(record.time).toISOString(),
    streamed: record.stream,
    cancelled: record.outcome === "client_aborted",
    finish_reason: null,
    native_finish_reason: null,
    total_cost: cost,
    usage: cost,
    cache_discount: null,
    upstream_inference_cost: null,
    is_byok: false,
    latency: record.first_content_ms,
    generation_time: record.duration_ms,
    moderation_latency: null,
    tokens_prompt: record.input_tokens,
    tokens_completion: record.output_tokens,
    native_tokens_prompt: record.input_tokens,
    native_tokens_completion: record.output_tokens,
    native_tokens_reasoning: record.reasoning_tokens,
    native_tokens_cached: record.cached_input_tokens,
    num_media_prompt: null,
    num_media_completion: null,
    num_search_results: null,
    origin: null,
    app_id: null,
    external_user: record.user,
  };
}
