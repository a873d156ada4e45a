import type { Json, JsonObject } from "../../canonical/json.ts";
import { logprobsOf } from "./logprobs.ts";
import type { Plan, PlannedCall } from "./plan.ts";
import type { DemoRequest } from "./request.ts";
import { hash } from "./seed.ts";
import { usageOf } from "./usage.ts";

/** What the answer and each chunk of a stream begin with. */
export function envelopeOf(request: DemoRequest, object: string, created: number): JsonObject {
  return {
    id: `chatcmpl-demo${hash(request.seed).toString(16).padStart(8, "0")}`,
    object,
    created,
    model: request.model.id,
    service_tier: "default",
    system_fingerprint: "fp_demo",
  };
}

/** A chat completion object. https://platform.openai.com/docs/api-reference/chat/object */
export function replyOf(request: DemoRequest, plans: readonly Plan[], created: number): JsonObject {
  return {
    ...envelopeOf(request, "chat.completion", created),
    choices: plans.map((plan) => choiceOf(plan, request.topLogprobs)),
    usage: usageOf(request, plans),
  };
}

function choiceOf(plan: Plan, topLogprobs: number | null): JsonObject {
  return {
    index: plan.index,
    message: {
      role: "assistant",
      content: plan.call === null ? plan.text : null,
      ...(plan.reasoning !== "" && { reasoning_content: plan.reasoning }),
      refusal: null,
      annotations: [],
      ...(plan.call !== null && { tool_calls: [callOf(plan.call)] }),
    },
    logprobs: topLogprobs === null || plan.call !== null ? null : logprobsOf(plan.text, topLogprobs),
    finish_reason: plan.finish,
  };
}

function callOf({ id, tool, input }: PlannedCall): Json {
  if (tool.kind === "custom") return { id, type: "custom", custom: { name: tool.name, input } };
  return { id, type: "function", function: { name: tool.name, arguments: input } };
}
