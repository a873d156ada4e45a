import type { Loose } from "../reading/loose.ts";
import { pieces, type Answer, type WireAnswer } from "./answer.ts";
import { checkFields, demand, nothingAsked, say, type Asked } from "./asked.ts";

/** MessageCreateParams of @anthropic-ai/sdk 1.11. */
const FIELDS = [
  ..."cache_control container inference_geo max_tokens messages metadata model output_config service_tier".split(" "),
  ..."stop_sequences stream system temperature thinking tool_choice tools top_k top_p".split(" "),
];

/** Reads a Messages request; throws what the API would refuse. */
export function readMessagesRequest(path: string, body: Loose): Asked {
  checkFields("request", body, FIELDS);
  const asked = nothingAsked(body.model);
  asked.stream = body.stream === true;
  asked.maxTokens = body.max_tokens;
  demand(path.includes("count_tokens") || body.max_tokens > 0, "no max_tokens");
  asked.system =
    typeof body.system === "string" ? body.system : (body.system ?? []).map((block: Loose) => block.text).join("");
  asked.schema = body.output_config?.format?.schema ?? null;
  const open = new Set<string>();
  let last = "";
  for (const message of body.messages) {
    demand(message.role !== last, `two messages of ${message.role} in a row`);
    last = message.role;
    const blocks = typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
    demand(blocks.length > 0, "an empty message");
    for (const block of blocks) readBlock(asked, message.role, block, open);
    demand(message.role === "assistant" || open.size === 0, `calls without results: ${[...open].join(", ")}`);
  }
  demand(last !== "", "no message");
  for (const tool of (body.tools ?? []).filter(({ type }: Loose) => type === undefined || type === "custom")) {
    demand(tool.input_schema?.type === "object", `tool ${tool.name} without an object schema`);
    asked.tools.push({ name: tool.name, description: tool.description ?? "", parameters: tool.input_schema });
  }
  const choice = body.tool_choice;
  const words: Record<string, Asked["choice"]> = { auto: "auto", any: "required", none: "none" };
  asked.choice =
    choice === undefined ? null : choice.type === "tool" ? { name: choice.name } : (words[choice.type] ?? null);
  return asked;
}

function readBlock(asked: Asked, role: "user" | "assistant", block: Loose, open: Set<string>): void {
  switch (block.type) {
    case "text":
      demand(block.text !== "", "an empty text block");
      return say(asked, role, block.text);
    case "thinking":
      demand(role === "assistant" && block.signature !== undefined, "thinking without a signature");
      asked.secrets.push(block.signature);
      return;
    case "redacted_thinking":
      asked.secrets.push(block.data);
      return;
    case "tool_use":
      demand(/^[a-zA-Z0-9_-]+$/.test(block.id), `tool_use id ${block.id}`);
      open.add(block.id);
      asked.calls.push({ id: block.id, name: block.name, arguments: block.input });
      return;
    case "tool_result": {
      demand(open.delete(block.tool_use_id), `no open call ${block.tool_use_id}`);
      const text =
        typeof block.content === "string"
          ? block.content
          : block.content.map((part: Loose) => part.text ?? "").join("");
      asked.results.push({ id: block.tool_use_id, text });
      return;
    }
    case "image":
    case "document":
      return;
    default:
      throw new Error(`a block of type ${block.type}`);
  }
}

const ENDINGS = { stop: "end_turn", tool_calls: "tool_use", length: "max_tokens", filter: "refusal" };

/** Writes an answer as Anthropic's Messages API does. */
export function writeMessages(answer: Answer): WireAnswer {
  const content = blocksOf(answer);
  const stop = { stop_reason: ENDINGS[answer.ending], stop_sequence: null };
  const whole = { ...head(answer), content, ...stop, usage: usageOf(answer, answer.usage.output) };
  const first = { ...head(answer), content: [], stop_reason: null, stop_sequence: null, usage: usageOf(answer, 1) };
  const events: object[] = [{ type: "message_start", message: first }, { type: "ping" }];
  for (const [index, block] of content.entries()) addBlock(events, block, index);
  events.push({
    type: "message_delta",
    delta: stop,
    usage: { output_tokens: answer.usage.output, ...details(answer) },
  });
  events.push({ type: "message_stop" });
  return { whole, events: events.map((event: Loose) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`) };
}

function head(_answer: Answer): object {
  return { id: "msg_01XFDUDYJgAACzvnptvVoYEL", type: "message", role: "assistant", model: "host-model-2025" };
}

function details({ usage }: Answer): object {
  return usage.reasoning > 0 ? { output_tokens_details: { thinking_tokens: usage.reasoning } } : {};
}

function usageOf(answer: Answer, output_tokens: number): object {
  const { input, cached } = answer.usage;
  return {
    input_tokens: input - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens,
    ...(output_tokens > 1 && details(answer)),
    service_tier: "standard",
  };
}

function blocksOf({ thought, text, refusal, calls = [] }: Answer): Loose[] {
  const blocks: Loose[] = [];
  if (thought !== undefined) blocks.push({ type: "thinking", thinking: thought.text, signature: thought.secret });
  const said = text ?? refusal;
  if (said !== undefined) blocks.push({ type: "text", text: said });
  for (const call of calls) blocks.push({ type: "tool_use", id: call.id, name: call.name, input: call.arguments });
  return blocks;
}

function addBlock(events: object[], block: Loose, index: number): void {
  const start = { ...block };
  if (block.type === "text") start.text = "";
  if (block.type === "thinking") Object.assign(start, { thinking: "", signature: "" });
  if (block.type === "tool_use") start.input = {};
  events.push({ type: "content_block_start", index, content_block: start });
  const delta = (fields: object): void => void events.push({ type: "content_block_delta", index, delta: fields });
  if (block.type === "text") for (const text of pieces(block.text)) delta({ type: "text_delta", text });
  if (block.type === "thinking") {
    for (const thinking of pieces(block.thinking, 9)) delta({ type: "thinking_delta", thinking });
    delta({ type: "signature_delta", signature: block.signature });
  }
  if (block.type === "tool_use") {
    delta({ type: "input_json_delta", partial_json: "" });
    for (const piece of pieces(JSON.stringify(block.input), 4))
      delta({ type: "input_json_delta", partial_json: piece });
  }
  events.push({ type: "content_block_stop", index });
}
