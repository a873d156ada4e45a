import type { ReplyContext } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import type { Candidate, ChatResponse } from "../../canonical/response.ts";
import { emptyUsage } from "../../canonical/usage.ts";
import { encodeReason, type Family } from "./family.ts";
import { shapeOf } from "./shape.ts";
import { DIALECT, textOf } from "./wire.ts";

/** The family in which a request is to be answered. */
export function replyFamily({ request }: ReplyContext): Family {
  return shapeOf(request)?.family ?? "mistral";
}

type Writer = (response: ChatResponse, reply: ReplyContext) => JsonObject;

/** An answer as each family gives it. */
const WRITERS: Readonly<Record<Family, Writer>> = {
  titan: ({ candidates, usage }) => ({
    inputTextTokenCount: usage?.inputTokens ?? 0,
    results: candidates.map((candidate) => ({
      // The family counts by answer, others over all of them.
      tokenCount: candidates.length === 1 ? (usage?.outputTokens ?? 0) : 0,
      outputText: said(candidate.items),
      completionReason: reasonOf("titan", candidate),
    })),
  }),
  llama: ({ candidates, usage = emptyUsage() }) => ({
    generation: said(candidates[0]?.items ?? []),
    prompt_token_count: usage.inputTokens,
    generation_token_count: usage.outputTokens,
    stop_reason: reasonOf("llama", candidates[0]),
  }),
  mistral: ({ candidates }) => ({
    outputs: candidates.map((candidate) => ({
      text: said(candidate.items),
      stop_reason: reasonOf("mistral", candidate),
    })),
  }),
  command: ({ id, candidates }, { requestId, request }) => ({
    id: id || requestId,
    generations: candidates.map((candidate) => ({
      id: `${id || requestId}-${candidate.index}`,
      text: said(candidate.items),
      finish_reason: reasonOf("command", candidate),
    })),
    prompt: textOf(shapeOf(request)?.said["prompt"]),
  }),
  "command-r": ({ id, candidates }, { requestId }) => ({
    response_id: id || requestId,
    generation_id: id || requestId,
    text: said(candidates[0]?.items ?? []),
    finish_reason: reasonOf("command-r", candidates[0]),
  }),
};

/** Writes an answer in the family of its request. */
export function encodeResponse(response: ChatResponse, reply: ReplyContext): JsonObject {
  return { ...WRITERS[replyFamily(reply)](response, reply), ...response.extensions?.[DIALECT] };
}

function reasonOf(family: Family, candidate: Candidate | undefined): string {
  return encodeReason(family, candidate?.finishReason ?? "stop", candidate?.rawFinishReason);
}

/** The words of an answer. */
function said(items: readonly Item[]): string {
  let text = "";
  for (const item of items) {
    if (item.type !== "message") continue;
    for (const part of item.content) if (part.type === "text" || part.type === "refusal") text += part.text;
  }
  return text;
}
