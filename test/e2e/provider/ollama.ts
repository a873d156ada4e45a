import type { Loose } from "../reading/loose.ts";
import { pieces, type Answer, type WireAnswer } from "./answer.ts";
import { checkFields, demand, nothingAsked, say, type Asked } from "./asked.ts";

/** ChatRequest of ollama/ollama, api/types.go. */
const FIELDS = "model messages stream format keep_alive tools options think truncate shift logprobs top_logprobs".split(
  " ",
);
/** GenerateRequest of the same. */
const GENERATE_FIELDS = [
  ...FIELDS.filter((field) => field !== "messages" && field !== "tools"),
  ..."prompt suffix system images template context raw".split(" "),
];
const MESSAGE_FIELDS = "role content thinking images tool_calls tool_name tool_call_id".split(" ");
const OPTIONS =
  "num_keep seed num_predict top_k top_p min_p typical_p repeat_last_n temperature repeat_penalty presence_penalty frequency_penalty stop num_ctx".split(
    " ",
  );

/** Reads a chat request; throws what the server would refuse. */
export function readOllamaRequest(_path: string, body: Loose): Asked {
  checkFields("request", body, body.messages === undefined ? GENERATE_FIELDS : FIELDS);
  checkFields("options", body.options ?? {}, OPTIONS);
  demand([undefined, true, false, "low", "medium", "high", "max"].includes(body.think), "a level of thinking");
  const asked = nothingAsked(body.model);
  asked.stream = body.stream !== false;
  asked.maxTokens = body.options?.num_predict;
  asked.schema = typeof body.format === "object" ? body.format : null;
  say(asked, "user", body.prompt ?? "");
  for (const message of body.messages ?? []) readMessage(asked, message);
  for (const { type, function: tool } of body.tools ?? []) {
    demand(type === "function", `tool of type ${type}`);
    demand(tool.parameters !== undefined, "a function without parameters");
    const { name, description = "", parameters } = tool;
    asked.tools.push({ name, description, parameters });
  }
  return asked;
}

function readMessage(asked: Asked, message: Loose): void {
  checkFields(`message of ${message.role}`, message, MESSAGE_FIELDS);
  demand(typeof message.content === "string", "content is a text");
  for (const image of message.images ?? []) demand(/^[A-Za-z0-9+/]+=*$/.test(image), "images are base64");
  if (message.role === "system") asked.system += message.content;
  else if (message.role === "tool") {
    demand(asked.calls.length > asked.results.length, "a result without a call");
    asked.results.push({ id: message.tool_call_id, text: message.content });
  } else say(asked, message.role, message.content);
  for (const { id, function: call } of message.tool_calls ?? []) {
    demand(typeof call.arguments === "object", "arguments are an object");
    asked.calls.push({ id, name: call.name, arguments: call.arguments });
  }
}

const HEAD = { model: "host-model-2025", created_at: "2025-10-09T08:53:20Z" };
const TIMES = { total_duration: 4_883_583_458, load_duration: 1_334_875, prompt_eval_duration: 342_546_000 };

/** Writes an answer as Ollama does: a refusal is words like others, and nothing is counted apart. */
export function writeOllama(answer: Answer): WireAnswer {
  const { thought, calls = [], usage } = answer;
  const content = answer.text ?? answer.refusal ?? "";
  const tool_calls = calls.map((call, index) => ({
    id: call.id,
    function: { index, name: call.name, arguments: call.arguments },
  }));
  const message = {
    role: "assistant",
    content,
    ...(thought && { thinking: thought.text }),
    ...(calls.length > 0 && { tool_calls }),
  };
  const counts = { prompt_eval_count: usage.input, eval_count: usage.output, eval_duration: 4_535_599_000 };
  const last = { done: true, done_reason: answer.ending === "length" ? "length" : "stop", ...TIMES, ...counts };
  const lines: object[] = [
    ...pieces(thought?.text ?? "", 9).map((thinking) => ({ content: "", thinking })),
    ...pieces(content).map((piece) => ({ content: piece })),
    ...tool_calls.map((call) => ({ content: "", tool_calls: [call] })),
  ].map((said) => ({ ...HEAD, message: { role: "assistant", ...said }, done: false }));
  lines.push({ ...HEAD, message: { role: "assistant", content: "" }, ...last });
  return { whole: { ...HEAD, message, ...last }, events: lines.map((line) => `${JSON.stringify(line)}\n`) };
}
