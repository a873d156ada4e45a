import type { Json, JsonObject } from "../../canonical/json.ts";
import { logprobsOf } from "./logprobs.ts";
import type { Plan } from "./plan.ts";
import { envelopeOf } from "./reply.ts";
import type { DemoRequest } from "./request.ts";
import { countTokens, splitWords } from "./tokens.ts";
import { usageOf } from "./usage.ts";

/** One chunk of a stream and how many tokens the model needed for it. */
export interface Chunk {
  body: JsonObject;
  tokens: number;
}

/** The chunks of a stream, word by word, choice after choice. https://platform.openai.com/docs/api-reference/chat/streaming */
export function chunksOf(request: DemoRequest, plans: readonly Plan[], created: number): Chunk[] {
  const envelope = envelopeOf(request, "chat.completion.chunk", created);
  const noUsage = request.includeUsage ? { usage: null } : {};
  const chunks: Chunk[] = plans.flatMap((plan) =>
    choicesOf(plan, request.topLogprobs).map(({ choice, tokens }) => ({
      body: { ...envelope, choices: [choice], ...noUsage },
      tokens,
    })),
  );
  if (request.includeUsage)
    chunks.push({ body: { ...envelope, choices: [], usage: usageOf(request, plans) }, tokens: 0 });
  return chunks;
}

interface Piece {
  choice: JsonObject;
  tokens: number;
}

function choicesOf(plan: Plan, topLogprobs: number | null): Piece[] {
  const piece = (delta: JsonObject, text = "", logprobs: Json = null): Piece => ({
    choice: { index: plan.index, delta, logprobs, finish_reason: null },
    tokens: countTokens(text),
  });
  const said = (word: string): Piece =>
    piece({ content: word }, word, topLogprobs === null ? null : logprobsOf(word, topLogprobs));
  return [
    piece({ role: "assistant", content: plan.call === null ? "" : null, refusal: null }),
    ...splitWords(plan.reasoning).map((word) => piece({ reasoning_content: word }, word)),
    ...splitWords(plan.text).map(said),
    ...callDeltas(plan).map(({ delta, text }) => piece(delta, text)),
    { choice: { index: plan.index, delta: {}, logprobs: null, finish_reason: plan.finish }, tokens: 0 },
  ];
}

function callDeltas({ call }: Plan): { delta: JsonObject; text: string }[] {
  if (call === null) return [];
  const { id, tool, input } = call;
  const isCustom = tool.kind === "custom";
  const described = isCustom
    ? { custom: { name: tool.name, input: "" } }
    : { function: { name: tool.name, arguments: "" } };
  const start = { tool_calls: [{ index: 0, id, type: tool.kind, ...described }] };
  const pieces = splitWords(input).flatMap((word) => word.match(/.{1,16}/gsu) ?? []);
  return [
    { delta: start, text: "" },
    ...pieces.map((text) => {
      const more = isCustom ? { custom: { input: text } } : { function: { arguments: text } };
      return { delta: { tool_calls: [{ index: 0, ...more }] }, text };
    }),
  ];
}
