import type { Loose } from "../reading/loose.ts";
import { pieces, type Answer, type WireAnswer } from "./answer.ts";
import { checkFields, demand, nothingAsked, say, type Asked } from "./asked.ts";

/** V2ChatRequest of cohere-ai 8.1. */
const FIELDS = [
  ..."model messages stream tools strict_tools documents citation_options response_format safety_mode max_tokens".split(
    " ",
  ),
  ..."stop_sequences temperature seed frequency_penalty presence_penalty k p logprobs tool_choice thinking".split(" "),
  "priority",
];
const MESSAGE_FIELDS: Record<string, string[]> = {
  system: ["role", "content"],
  user: ["role", "content"],
  assistant: ["role", "content", "tool_plan", "tool_calls", "citations"],
  tool: ["role", "content", "tool_call_id"],
};
const RANGES: Record<string, [number, number]> = {
  temperature: [0, 1],
  p: [0.01, 0.99],
  k: [0, 500],
  frequency_penalty: [0, 1],
  presence_penalty: [0, 1],
};

/** Reads a chat request; throws what the API would refuse. */
export function readCohereRequest(_path: string, body: Loose): Asked {
  checkFields("request", body, FIELDS);
  const asked = nothingAsked(body.model);
  asked.stream = body.stream === true;
  asked.maxTokens = body.max_tokens;
  asked.schema = body.response_format?.json_schema ?? null;
  for (const [field, [least, most]] of Object.entries(RANGES)) {
    demand(body[field] === undefined || (body[field] >= least && body[field] <= most), `${field} of ${body[field]}`);
  }
  demand(!body.response_format || !(body.tools ?? body.documents), "response_format beside tools or documents");
  demand(!body.frequency_penalty || !body.presence_penalty, "both penalties");
  const open = new Set<string>();
  for (const [at, message] of body.messages.entries()) readMessage(asked, message, at, open);
  demand(open.size === 0, `calls without results: ${[...open].join(", ")}`);
  for (const { type, function: tool } of body.tools ?? []) {
    demand(type === "function" && typeof tool.parameters === "object", `tool of type ${type}`);
    asked.tools.push({ name: tool.name, description: tool.description ?? "", parameters: tool.parameters });
  }
  demand([undefined, "REQUIRED", "NONE"].includes(body.tool_choice), `tool_choice ${body.tool_choice}`);
  demand(body.tool_choice === undefined || asked.tools.length > 0, "tool_choice without tools");
  asked.choice = body.tool_choice?.toLowerCase() ?? null;
  return asked;
}

function readMessage(asked: Asked, message: Loose, at: number, open: Set<string>): void {
  const { role, content, tool_plan: plan, tool_calls: calls = [] } = message;
  checkFields(`message of ${role}`, message, MESSAGE_FIELDS[role] ?? []);
  const text = textOf(content);
  if (role === "system") {
    demand(at === 0, "system turn must be the first in the list");
    asked.system = text;
  } else if (role === "tool") {
    demand(open.delete(message.tool_call_id), `no open call ${message.tool_call_id}`);
    asked.results.push({ id: message.tool_call_id, text });
  } else {
    demand(open.size === 0, "a message between calls and results");
    say(asked, role, text + (plan ?? ""));
  }
  for (const call of calls) {
    open.add(call.id);
    asked.calls.push({ id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) });
  }
}

function textOf(content: Loose): string {
  if (typeof content === "string" || content == null) return content ?? "";
  return content.map((block: Loose) => block.text ?? "").join("");
}

const ID = "321d178c-2c12-44d3-ae42-2f5510f6b1cc";
const ENDINGS = { stop: "COMPLETE", tool_calls: "TOOL_CALL", length: "MAX_TOKENS", filter: "ERROR_TOXIC" };
/** What the vendor puts in front of every prompt, unbilled. */
const PREAMBLE = 500;

/** Writes an answer as Cohere's API does: thoughts without a secret, what is said before calls as a plan. */
export function writeCohere(answer: Answer): WireAnswer {
  const { thought, calls = [], ending } = answer;
  const text = answer.text ?? answer.refusal ?? "";
  const isPlan = calls.length > 0;
  const content = [
    ...(thought ? [{ type: "thinking", thinking: thought.text }] : []),
    ...(text !== "" && !isPlan ? [{ type: "text", text }] : []),
  ];
  const tool_calls = calls.map(({ id, name, arguments: args }) => ({
    id,
    type: "function",
    function: { name, arguments: JSON.stringify(args) },
  }));
  const message = {
    role: "assistant",
    ...(content.length > 0 && { content }),
    ...(isPlan && text !== "" && { tool_plan: text }),
    ...(isPlan && { tool_calls }),
  };
  const end = { finish_reason: ENDINGS[ending], usage: usageOf(answer) };
  const events = [
    event("message-start", {
      id: ID,
      delta: { message: { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] } },
    }),
    ...content.flatMap(blockEvents),
    ...(isPlan ? pieces(text).map((tool_plan) => event("tool-plan-delta", { delta: { message: { tool_plan } } })) : []),
    ...tool_calls.flatMap(callEvents),
    event("message-end", { delta: end }),
  ];
  return { whole: { id: ID, message, ...end }, events };
}

function usageOf({ usage }: Answer): object {
  const { input: input_tokens, output: output_tokens, cached } = usage;
  return {
    billed_units: { input_tokens, output_tokens },
    tokens: { input_tokens: input_tokens + PREAMBLE, output_tokens: output_tokens + 3 },
    cached_tokens: cached === 0 ? 448 : cached + PREAMBLE,
  };
}

function event(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function blockEvents(block: Loose, index: number): string[] {
  const key = block.type as string;
  const delta = (content: object): object => ({ index, delta: { message: { content } } });
  return [
    event("content-start", delta({ type: key, [key]: "" })),
    ...pieces(block[key]).map((piece) => event("content-delta", delta({ [key]: piece }))),
    event("content-end", { index }),
  ];
}

function callEvents(call: Loose, index: number): string[] {
  const delta = (tool_calls: object): object => ({ index, delta: { message: { tool_calls } } });
  return [
    event("tool-call-start", delta({ ...call, function: { name: call.function.name, arguments: "" } })),
    ...pieces(call.function.arguments, 4).map((args) =>
      event("tool-call-delta", delta({ function: { arguments: args } })),
    ),
    event("tool-call-end", { index }),
  ];
}
