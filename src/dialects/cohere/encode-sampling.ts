import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";

interface Setting {
  value: (request: ChatRequest) => number | undefined;
  /** On the wire. */
  field: string;
  /** In the words of most callers. */
  name: string;
  /** What the API takes (vendor SDK: `V2ChatRequest`; temperature: https://docs.cohere.com/reference/errors). */
  least: number;
  most: number;
}

const SETTINGS: readonly Setting[] = [
  { value: (it) => it.maxOutputTokens, field: "max_tokens", name: "max_tokens", least: 0, most: Number.MAX_VALUE },
  { value: (it) => it.temperature, field: "temperature", name: "temperature", least: 0, most: 1 },
  { value: (it) => it.topP, field: "p", name: "top_p", least: 0.01, most: 0.99 },
  { value: (it) => it.topK, field: "k", name: "top_k", least: 0, most: 500 },
  { value: (it) => it.seed, field: "seed", name: "seed", least: -Number.MAX_VALUE, most: Number.MAX_VALUE },
  { value: (it) => it.frequencyPenalty, field: "frequency_penalty", name: "frequency_penalty", least: 0, most: 1 },
  { value: (it) => it.presencePenalty, field: "presence_penalty", name: "presence_penalty", least: 0, most: 1 },
];
const MOST_STOPS = 5;

/** How to sample and when to stop. A caller of this dialect knows its ranges; what others send is brought into them. */
export function encodeSampling(request: ChatRequest, context: EncodeContext): JsonObject {
  const out: JsonObject = {};
  for (const setting of SETTINGS) {
    const value = setting.value(request);
    if (value !== undefined) out[setting.field] = context.native ? value : within(value, setting, context);
  }
  if (!context.native) keepOnePenalty(out, context);
  if (request.stop !== undefined) out["stop_sequences"] = stopsOf(request.stop, context);
  if (request.logprobs === true || (context.native && request.logprobs === false)) out["logprobs"] = request.logprobs;
  return out;
}

/** A `top_p` of 1 is no setting: it becomes the most that there is without a word. */
function within(value: number, { name, least, most }: Setting, context: EncodeContext): number {
  const near = Math.min(most, Math.max(least, value));
  if (near !== value && !(name === "top_p" && value === 1)) {
    warn(context, "changed_field", name, `${name} was brought into the API's range of ${least} to ${most}`);
  }
  return near;
}

/** The API refuses both at once (https://docs.cohere.com/reference/errors); one of 0 is no setting. */
function keepOnePenalty(out: JsonObject, context: EncodeContext): void {
  const { frequency_penalty: frequency, presence_penalty: presence } = out;
  if (presence === 0) delete out["presence_penalty"];
  if (frequency === 0) delete out["frequency_penalty"];
  if (out["presence_penalty"] === undefined || out["frequency_penalty"] === undefined) return;
  delete out["presence_penalty"];
  warn(
    context,
    "unsupported_field",
    "presence_penalty",
    "presence_penalty was left out: the API refuses it beside frequency_penalty",
  );
}

function stopsOf(stops: string[], context: EncodeContext): string[] {
  if (stops.length <= MOST_STOPS || context.native) return stops;
  warn(context, "changed_field", "stop", `only the first ${MOST_STOPS} stop sequences were sent`);
  return stops.slice(0, MOST_STOPS);
}
