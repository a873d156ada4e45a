import type { Loose } from "../reading/loose.ts";
import { pieces, type Answer, type WireAnswer } from "./answer.ts";
import { checkFields, demand, nothingAsked, say, type Asked } from "./asked.ts";

/** LanguageModelV3CallOptions of @ai-sdk/provider 3.0. */
const FIELDS = [
  ..."prompt maxOutputTokens temperature stopSequences topP topK presencePenalty frequencyPenalty responseFormat".split(
    " ",
  ),
  ..."seed tools toolChoice includeRawChunks headers providerOptions".split(" "),
];

/** Reads call options; the model stands in a header. */
export function readAiGatewayRequest(_path: string, body: Loose): Asked {
  checkFields("request", body, FIELDS);
  const asked = nothingAsked("");
  asked.maxTokens = body.maxOutputTokens;
  asked.schema = body.responseFormat?.schema ?? null;
  for (const message of body.prompt) readMessage(asked, message);
  for (const { type, name, description = "", inputSchema } of body.tools ?? []) {
    demand(type !== "function" || typeof inputSchema === "object", `a schema of ${name}`);
    if (type === "function") asked.tools.push({ name, description, parameters: inputSchema });
  }
  const choice = body.toolChoice ?? null;
  asked.choice = choice?.type === "tool" ? { name: choice.toolName } : (choice?.type ?? null);
  return asked;
}

function readMessage(asked: Asked, { role, content }: Loose): void {
  if (role === "system") {
    demand(typeof content === "string", "a system message is a text");
    asked.system += content;
    return;
  }
  demand(Array.isArray(content) && content.length > 0, `content of ${role}`);
  for (const part of content) readPart(asked, role, part);
}

function readPart(asked: Asked, role: Loose, part: Loose): void {
  const secret = part.providerOptions?.anthropic?.signature;
  if (part.type === "reasoning" && secret !== undefined) asked.secrets.push(secret);
  if (part.type === "text") say(asked, role, part.text);
  if (part.type === "tool-call") asked.calls.push({ id: part.toolCallId, name: part.toolName, arguments: part.input });
  if (part.type === "tool-result") {
    demand(part.toolName !== "", "a result names its tool");
    asked.results.push({ id: part.toolCallId, text: part.output.value });
  }
}

const ENDINGS = { stop: "stop", tool_calls: "tool-calls", length: "length", filter: "content-filter" };
const ABOUT = { id: "gen_1", modelId: "host-model-2025", timestamp: "2025-10-09T08:53:20.000Z" };

/** Writes an answer as a gateway of the AI SDK does. */
export function writeAiGateway(answer: Answer): WireAnswer {
  const { thought, calls = [], ending } = answer;
  const words = answer.text ?? answer.refusal;
  const state = thought && { providerMetadata: { anthropic: { signature: thought.secret } } };
  const toolCalls = calls.map((call) => ({
    type: "tool-call",
    toolCallId: call.id,
    toolName: call.name,
    input: JSON.stringify(call.arguments),
  }));
  const last = { finishReason: { unified: ENDINGS[ending], raw: ending }, usage: usageOf(answer) };
  const content = [
    ...(thought ? [{ type: "reasoning", text: thought.text, ...state }] : []),
    ...(words === undefined ? [] : [{ type: "text", text: words }]),
    ...toolCalls,
  ];
  const parts = [
    { type: "stream-start", warnings: [] },
    { type: "response-metadata", ...ABOUT },
    ...(thought ? block("reasoning", "0", pieces(thought.text, 9), state) : []),
    ...(words === undefined ? [] : block("text", "1", pieces(words))),
    ...toolCalls.flatMap((call) => [
      { type: "tool-input-start", id: call.toolCallId, toolName: call.toolName },
      ...pieces(call.input, 4).map((delta) => ({ type: "tool-input-delta", id: call.toolCallId, delta })),
      { type: "tool-input-end", id: call.toolCallId },
      call,
    ]),
    { type: "finish", ...last },
  ];
  return {
    whole: { content, ...last, warnings: [], response: ABOUT },
    events: [...parts.map((part) => `data: ${JSON.stringify(part)}\n\n`), "data: [DONE]\n\n"],
  };
}

function block(kind: string, id: string, texts: string[], more: object = {}): object[] {
  const deltas = texts.map((delta) => ({ type: `${kind}-delta`, id, delta }));
  return [{ type: `${kind}-start`, id }, ...deltas, { type: `${kind}-end`, id, ...more }];
}

function usageOf({ usage }: Answer): object {
  const { input, cached, output, reasoning } = usage;
  return {
    inputTokens: { total: input, noCache: input - cached, cacheRead: cached, cacheWrite: 0 },
    outputTokens: { total: output, text: output - reasoning, reasoning },
  };
}
