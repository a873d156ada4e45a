import type { Loose } from "../reading/loose.ts";
import { pieces, type Answer, type WireAnswer } from "./answer.ts";
import { checkFields, demand, nothingAsked, say, type Asked } from "./asked.ts";

/** ResponseCreateParams of openai 6.49. */
const FIELDS = [
  ..."background conversation include input instructions max_output_tokens max_tool_calls metadata model".split(" "),
  ..."parallel_tool_calls previous_response_id prompt prompt_cache_key reasoning safety_identifier service_tier".split(
    " ",
  ),
  ..."store stream stream_options temperature text tool_choice tools top_logprobs top_p truncation user".split(" "),
];
const ITEM_FIELDS: Record<string, string[]> = {
  message: ["type", "role", "content", "id", "status", "phase"],
  reasoning: ["type", "id", "summary", "content", "encrypted_content", "status"],
  // The SDK's stream helper adds what it parsed, and sends it along.
  function_call: ["type", "id", "call_id", "name", "arguments", "status", "parsed_arguments"],
  custom_tool_call: ["type", "id", "call_id", "name", "input", "status"],
  custom_tool_call_output: ["type", "id", "call_id", "output", "status"],
  function_call_output: ["type", "id", "call_id", "output", "status"],
};

/** Reads a Responses request; throws what the API would refuse. */
export function readResponsesRequest(_path: string, body: Loose): Asked {
  checkFields("request", body, FIELDS);
  const asked = nothingAsked(body.model);
  asked.stream = body.stream === true;
  asked.maxTokens = body.max_output_tokens;
  asked.system = body.instructions ?? "";
  asked.schema = body.text?.format?.type === "json_schema" ? body.text.format.schema : null;
  const open = new Set<string>();
  const items = typeof body.input === "string" ? [{ role: "user", content: body.input }] : body.input;
  for (const item of items) readItem(asked, item, open);
  demand(open.size === 0, `calls without results: ${[...open].join(", ")}`);
  for (const tool of (body.tools ?? []).filter(({ type }: Loose) => type === "function")) {
    asked.tools.push({ name: tool.name, description: tool.description ?? "", parameters: tool.parameters });
  }
  const choice = body.tool_choice ?? null;
  asked.choice = choice?.type === "function" ? { name: choice.name } : choice;
  return asked;
}

function readItem(asked: Asked, item: Loose, open: Set<string>): void {
  const type: string = item.type ?? "message";
  checkFields(`item ${type}`, item, ITEM_FIELDS[type] ?? []);
  if (type === "message") {
    const texts =
      typeof item.content === "string" ? item.content : item.content.map((part: Loose) => part.text ?? "").join("");
    if (item.role === "system" || item.role === "developer") asked.system += texts;
    else say(asked, item.role, texts);
  }
  if (type === "reasoning") {
    demand(Array.isArray(item.summary), "reasoning without a summary");
    if (item.encrypted_content) asked.secrets.push(item.encrypted_content);
  }
  if (type === "function_call" || type === "custom_tool_call") {
    open.add(item.call_id);
    const args = type === "function_call" ? JSON.parse(item.arguments) : item.input;
    asked.calls.push({ id: item.call_id, name: item.name, arguments: args });
  }
  if (!type.endsWith("_output")) return;
  demand(open.delete(item.call_id), `no open call ${item.call_id}`);
  const text =
    typeof item.output === "string" ? item.output : item.output.map((part: Loose) => part.text ?? "").join("");
  asked.results.push({ id: item.call_id, text });
}

const ENDINGS = { stop: null, tool_calls: null, filter: null, length: { reason: "max_output_tokens" } };

/** Writes an answer as OpenAI's Responses API does. */
export function writeResponses(answer: Answer): WireAnswer {
  const output = itemsOf(answer);
  const whole = response(answer, answer.ending === "length" ? "incomplete" : "completed", output);
  const events: object[] = [];
  const add = (type: string, fields: object): void => void events.push({ type, ...fields });
  add("response.created", { response: response(answer, "in_progress", []) });
  add("response.in_progress", { response: response(answer, "in_progress", []) });
  for (const [output_index, item] of output.entries()) addItem(item, output_index, add);
  add(answer.ending === "length" ? "response.incomplete" : "response.completed", { response: whole });
  return { whole, events: events.map(frame) };
}

function frame(event: Loose, sequence_number: number): string {
  return `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number })}\n\n`;
}

function itemsOf({ thought, text, refusal, calls = [], ending }: Answer): Loose[] {
  const items: Loose[] = [];
  if (thought !== undefined) {
    const summary = [{ type: "summary_text", text: thought.text }];
    items.push({ id: "rs_68f1", type: "reasoning", summary, encrypted_content: thought.secret });
  }
  const status = ending === "length" ? "incomplete" : "completed";
  const said = text === undefined ? undefined : { type: "output_text", annotations: [], logprobs: [], text };
  const content = refusal === undefined ? said : { type: "refusal", refusal };
  if (content !== undefined)
    items.push({ id: "msg_68f2", type: "message", status, role: "assistant", content: [content] });
  for (const [at, call] of calls.entries()) {
    const written = JSON.stringify(call.arguments);
    items.push({
      id: `fc_68f3${at}`,
      type: "function_call",
      status,
      arguments: written,
      call_id: call.id,
      name: call.name,
    });
  }
  return items;
}

function response(answer: Answer, status: string, output: object[]): object {
  const { usage } = answer;
  const isOver = status !== "in_progress";
  return {
    id: "resp_68f0",
    object: "response",
    created_at: 1_760_000_000,
    status,
    background: false,
    error: null,
    incomplete_details: isOver ? ENDINGS[answer.ending] : null,
    instructions: null,
    max_output_tokens: null,
    model: "host-model-2025",
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: "default",
    store: false,
    temperature: 1,
    text: { format: { type: "text" } },
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    truncation: "disabled",
    usage: isOver
      ? {
          input_tokens: usage.input,
          input_tokens_details: { cached_tokens: usage.cached },
          output_tokens: usage.output,
          output_tokens_details: { reasoning_tokens: usage.reasoning },
          total_tokens: usage.input + usage.output,
        }
      : null,
    user: null,
    metadata: {},
  };
}

type Add = (type: string, fields: object) => void;

function addItem(item: Loose, output_index: number, add: Add): void {
  const at = { item_id: item.id, output_index };
  const bare = { ...item, status: "in_progress" };
  if (item.type === "message") bare.content = [];
  if (item.type === "function_call") bare.arguments = "";
  if (item.type === "reasoning") bare.summary = [];
  add("response.output_item.added", { output_index, item: bare });
  if (item.type === "message") addContent(item.content[0], at, add);
  if (item.type === "function_call") {
    for (const delta of pieces(item.arguments, 4)) add("response.function_call_arguments.delta", { ...at, delta });
    add("response.function_call_arguments.done", { ...at, arguments: item.arguments });
  }
  if (item.type === "reasoning") addSummary(item.summary[0].text, { ...at, summary_index: 0 }, add);
  add("response.output_item.done", { output_index, item });
}

function addSummary(text: string, at: object, add: Add): void {
  add("response.reasoning_summary_part.added", { ...at, part: { type: "summary_text", text: "" } });
  for (const delta of pieces(text, 9)) add("response.reasoning_summary_text.delta", { ...at, delta });
  add("response.reasoning_summary_text.done", { ...at, text });
  add("response.reasoning_summary_part.done", { ...at, part: { type: "summary_text", text } });
}

function addContent(part: Loose, item: object, add: Add): void {
  const at = { ...item, content_index: 0 };
  const isText = part.type === "output_text";
  const empty = isText ? { ...part, text: "" } : { ...part, refusal: "" };
  add("response.content_part.added", { ...at, part: empty });
  for (const delta of pieces(isText ? part.text : part.refusal)) {
    if (isText) add("response.output_text.delta", { ...at, delta, logprobs: [] });
    else add("response.refusal.delta", { ...at, delta });
  }
  if (isText) add("response.output_text.done", { ...at, text: part.text, logprobs: [] });
  else add("response.refusal.done", { ...at, refusal: part.refusal });
  add("response.content_part.done", { ...at, part });
}
