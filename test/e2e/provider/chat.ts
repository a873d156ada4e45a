import type { Loose } from "../reading/loose.ts";
import { pieces, type Answer, type WireAnswer } from "./answer.ts";
import { checkFields, demand, nothingAsked, say, type Asked } from "./asked.ts";

/** ChatCompletionCreateParams of openai 6.49. */
const FIELDS = [
  ..."audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens messages".split(
    " ",
  ),
  ..."metadata modalities model n parallel_tool_calls prediction presence_penalty prompt_cache_key reasoning_effort".split(
    " ",
  ),
  ..."response_format safety_identifier seed service_tier stop store stream stream_options temperature".split(" "),
  ..."tool_choice tools top_logprobs top_p user verbosity web_search_options".split(" "),
];
const MESSAGE_FIELDS = [
  "role",
  "content",
  "name",
  "tool_calls",
  "tool_call_id",
  "refusal",
  "reasoning_details",
  "reasoning",
  "reasoning_content",
  "annotations",
  "parsed",
];

/** Reads a chat completions request; throws what a host would refuse. */
export function readChatRequest(_path: string, body: Loose): Asked {
  checkFields("request", body, FIELDS);
  const asked = nothingAsked(body.model);
  asked.stream = body.stream === true;
  asked.maxTokens = body.max_completion_tokens ?? body.max_tokens;
  asked.schema = body.response_format?.type === "json_schema" ? body.response_format.json_schema.schema : null;
  const open = new Set<string>();
  for (const message of body.messages) readMessage(asked, message, open);
  demand(open.size === 0, `calls without results: ${[...open].join(", ")}`);
  for (const { type, function: tool } of body.tools ?? []) {
    demand(type === "function" || type === "custom", `tool of type ${type}`);
    const { name, description = "", parameters = null } = tool ?? {};
    if (type === "function") asked.tools.push({ name, description, parameters });
  }
  const choice = body.tool_choice ?? null;
  asked.choice = choice?.type === "function" ? { name: choice.function.name } : choice;
  return asked;
}

function readMessage(asked: Asked, message: Loose, open: Set<string>): void {
  checkFields(`message of ${message.role}`, message, MESSAGE_FIELDS);
  const text = textOf(message.content);
  if (message.role === "system" || message.role === "developer") asked.system += text;
  else if (message.role === "tool") {
    demand(open.delete(message.tool_call_id), `no open call ${message.tool_call_id}`);
    asked.results.push({ id: message.tool_call_id, text });
  } else {
    demand(open.size === 0, "a message between calls and results");
    say(asked, message.role, text);
  }
  for (const detail of message.reasoning_details ?? []) {
    if (detail.signature !== undefined) asked.secrets.push(detail.signature);
  }
  for (const call of message.tool_calls ?? []) {
    open.add(call.id);
    const { name } = call.function ?? call.custom;
    const args = call.function === undefined ? call.custom.input : JSON.parse(call.function.arguments);
    asked.calls.push({ id: call.id, name, arguments: args });
  }
}

function textOf(content: Loose): string {
  if (typeof content === "string" || content == null) return content ?? "";
  return content.map((part: Loose) => part.text ?? "").join("");
}

const HEAD = {
  id: "chatcmpl-BxT4w1",
  created: 1_760_000_000,
  model: "host-model-2025",
  system_fingerprint: "fp_44709d6fcb",
};
const ENDINGS = { stop: "stop", tool_calls: "tool_calls", length: "length", filter: "stop" };

/** Writes an answer as a host of chat completions does; thoughts as OpenRouter writes them. */
export function writeChat(answer: Answer): WireAnswer {
  const { text = null, refusal = null, thought, calls = [] } = answer;
  const details = thought && [
    { type: "reasoning.text", text: thought.text, signature: thought.secret, format: "anthropic-claude-v1", index: 0 },
  ];
  const tool_calls = calls.map((call) => ({
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
  const message = {
    role: "assistant",
    content: text,
    refusal,
    ...(details && { reasoning: thought.text, reasoning_details: details }),
    ...(tool_calls.length > 0 && { tool_calls }),
    annotations: [],
  };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: ENDINGS[answer.ending] }];
  const whole = { ...HEAD, object: "chat.completion", choices, usage: usageOf(answer), service_tier: "default" };
  return {
    whole,
    events: [...deltas(answer).map((choice) => chunk([choice])), chunk([], usageOf(answer)), "data: [DONE]\n\n"],
  };
}

function usageOf({ usage }: Answer): object {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning, audio_tokens: 0 },
  };
}

function chunk(choices: object[], usage: object | null = null): string {
  return `data: ${JSON.stringify({ ...HEAD, object: "chat.completion.chunk", service_tier: "default", choices, usage })}\n\n`;
}

function deltas({ text, refusal, thought, calls = [], ending }: Answer): object[] {
  const all: object[] = [{ role: "assistant", content: "", refusal: null }];
  for (const piece of pieces(thought?.text ?? "", 9)) {
    all.push({
      reasoning: piece,
      reasoning_details: [{ type: "reasoning.text", text: piece, format: "anthropic-claude-v1", index: 0 }],
    });
  }
  if (thought !== undefined) {
    all.push({
      reasoning_details: [
        { type: "reasoning.text", signature: thought.secret, format: "anthropic-claude-v1", index: 0 },
      ],
    });
  }
  for (const content of pieces(text ?? "")) all.push({ content });
  for (const piece of pieces(refusal ?? "")) all.push({ refusal: piece });
  for (const [index, call] of calls.entries()) {
    all.push({ tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }] });
    for (const piece of pieces(JSON.stringify(call.arguments), 4)) {
      all.push({ tool_calls: [{ index, function: { arguments: piece } }] });
    }
  }
  const choices: object[] = all.map((delta) => ({ index: 0, delta, logprobs: null, finish_reason: null }));
  return [...choices, { index: 0, delta: {}, logprobs: null, finish_reason: ENDINGS[ending] }];
}
