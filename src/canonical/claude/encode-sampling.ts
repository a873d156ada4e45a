import type { JsonObject } from "../json.ts";
import type { ChatRequest } from "../request.ts";
import { warnOnce } from "../warning.ts";
import type { ClaudeContext } from "./claude-context.ts";

/** Lowest `top_p` beside thinking (vendor page "Extended thinking"). */
const MIN_THINKING_TOP_P = 0.95;

/**
 * `temperature`, `top_p` and `top_k`, without what the model refuses: all of them at the models that have none, both of the
 * first two together at others, and most values beside thinking. `thinks` says whether thinking was switched on.
 */
export function encodeSampling(request: ChatRequest, thinks: boolean, context: ClaudeContext): JsonObject {
  const out: JsonObject = {};
  const { temperature, topP, topK } = request;
  if (temperature !== undefined) out["temperature"] = clampTemperature(temperature, context);
  if (topP !== undefined) out["top_p"] = topP;
  if (topK !== undefined) out["top_k"] = topK;
  const { traits } = context;
  if (!traits.claude) return out;
  if (!traits.sampling) return withoutSampling(out, context);
  if (thinks) limitBesideThinking(out, context);
  if (!traits.bothSampling && out["temperature"] !== undefined && out["top_p"] !== undefined) {
    remove(out, "top_p", "the model takes only one of temperature and top_p", context);
  }
  return out;
}

/** The wire's range is 0 to 1; other dialects go up to 2. */
function clampTemperature(temperature: number, context: ClaudeContext): number {
  if (temperature <= 1 || !context.traits.claude || context.native) return temperature;
  warnOnce(context.warnings, "changed_field", "temperature", "temperature was lowered to 1");
  return 1;
}

/** The default value of 1 is no setting: nothing is lost without it. */
function withoutSampling(out: JsonObject, context: ClaudeContext): JsonObject {
  for (const field of Object.keys(out)) {
    if (out[field] !== 1 || field === "top_k") remove(out, field, "the model takes no sampling settings", context);
    else if (!context.native) delete out[field];
  }
  return out;
}

function limitBesideThinking(out: JsonObject, context: ClaudeContext): void {
  const reason = "the model does not take it beside thinking";
  const { temperature, top_p: topP, top_k: topK } = out;
  if (temperature !== undefined && temperature !== 1) remove(out, "temperature", reason, context);
  if (typeof topP === "number" && topP < MIN_THINKING_TOP_P) remove(out, "top_p", reason, context);
  if (topK !== undefined) remove(out, "top_k", reason, context);
}

function remove(out: JsonObject, field: string, reason: string, context: ClaudeContext): void {
  delete out[field];
  warnOnce(context.warnings, "unsupported_field", field, `${field} was left out: ${reason}`);
}
