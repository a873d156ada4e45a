/** A tool call of a scripted answer. */
export interface ScriptedCall {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
}

/** What a provider answers, before it is written down in its wire format. */
export interface Answer {
  /** `secret`: the state that only the provider can read. */
  thought?: { text: string; secret: string };
  text?: string;
  refusal?: string;
  calls?: ScriptedCall[];
  ending: "stop" | "tool_calls" | "length" | "filter";
  /** `input` with what was cached, `output` with the reasoning. */
  usage: { input: number; cached: number; output: number; reasoning: number };
}

/** An answer in a wire format, whole and as the events of a stream. */
export interface WireAnswer {
  whole: object;
  /** Texts of whole events, blank line included. */
  events: string[];
}

const usage = { input: 120, cached: 64, output: 45, reasoning: 0 };

const weather = (id: string, city: string): ScriptedCall => ({
  id,
  name: "get_weather",
  arguments: { city, unit: "c" },
});

/** The answers that every provider can give. */
export const ANSWERS = {
  text: { text: "Bonjour **Paris** — ☀️ 21 °C.\nÇa va?", ending: "stop", usage },
  calls: {
    text: "Let me look.",
    calls: [weather("call_paris_1", "Paris"), weather("call_sao_2", "São Paulo")],
    ending: "tool_calls",
    usage,
  },
  thought: {
    thought: { text: "The user wants the weather.\nI should call the tool.", secret: "c2VjcmV0LXN0YXRlLysrLy8rPT0x" },
    calls: [weather("call_paris_1", "Paris")],
    ending: "tool_calls",
    usage: { ...usage, reasoning: 20 },
  },
  json: { text: '{"city":"Paris","days":[{"day":"Mon","celsius":21}]}', ending: "stop", usage },
  /** For SDKs that have a tool in place of a schema. */
  json_tool: {
    calls: [{ id: "call_json_1", name: "json", arguments: { city: "Paris", days: [{ day: "Mon", celsius: 21 }] } }],
    ending: "tool_calls",
    usage,
  },
  refusal: { refusal: "I cannot help with that.", ending: "filter", usage: { ...usage, cached: 0 } },
  length: { text: "Once upon a", ending: "length", usage },
  final: { text: "It is 21 °C in Paris.", ending: "stop", usage },
} as const satisfies Record<string, Answer>;

export type AnswerName = keyof typeof ANSWERS;

/** One of the answers by name. */
export function answerNamed(name: AnswerName): Answer {
  return ANSWERS[name];
}

/** A text in pieces that split words and characters beyond the basic plane's letters. */
export function pieces(text: string, size = 5): string[] {
  const characters = Array.from(text);
  const out: string[] = [];
  for (let at = 0; at < characters.length; at += size) out.push(characters.slice(at, at + size).join(""));
  return out;
}
