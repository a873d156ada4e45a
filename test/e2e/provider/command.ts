import type { Loose } from "../reading/loose.ts";
import { pieces, type Answer, type WireAnswer } from "./answer.ts";
import { checkFields, demand, nothingAsked, say, type Asked } from "./asked.ts";

const FIELDS = [
  ..."message chat_history documents search_queries_only preamble max_tokens temperature p k prompt_truncation".split(
    " ",
  ),
  ..."frequency_penalty presence_penalty seed return_prompt tools tool_results stop_sequences raw_prompting".split(" "),
];

/** Reads a request to Command R at Bedrock; throws what it would refuse. */
export function readCommandRequest(path: string, body: Loose): Asked {
  checkFields("request", body, FIELDS);
  demand(typeof body.message === "string", "no message");
  const asked = nothingAsked(path);
  asked.stream = path.endsWith("-with-response-stream");
  asked.maxTokens = body.max_tokens;
  asked.system = body.preamble ?? "";
  for (const { role, message } of body.chat_history ?? []) {
    demand(role === "USER" || role === "CHATBOT", `role ${role}`);
    say(asked, role === "USER" ? "user" : "assistant", message);
  }
  say(asked, "user", body.message);
  return asked;
}

const ENDINGS = { stop: "COMPLETE", tool_calls: "COMPLETE", length: "MAX_TOKENS", filter: "COMPLETE" };
const IDS = { response_id: "1f7c-response", generation_id: "2a8d-generation" };

/** Writes an answer as Command R does. */
export function writeCommand({ text, refusal, ending, usage }: Answer): WireAnswer {
  const said = text ?? refusal ?? "";
  const finish_reason = ENDINGS[ending];
  const event = (chunk: object): string => `data: ${JSON.stringify(chunk)}\n\n`;
  const metrics = { inputTokenCount: usage.input, outputTokenCount: usage.output, invocationLatency: 900 };
  const last = { is_finished: true, event_type: "stream-end", finish_reason };
  return {
    whole: { ...IDS, text: said, chat_history: [], finish_reason },
    events: [
      event({ is_finished: false, event_type: "stream-start", generation_id: IDS.generation_id }),
      ...pieces(said).map((piece) => event({ is_finished: false, event_type: "text-generation", text: piece })),
      event({ ...last, response: { ...IDS, text: said }, "amazon-bedrock-invocationMetrics": metrics }),
    ],
  };
}
