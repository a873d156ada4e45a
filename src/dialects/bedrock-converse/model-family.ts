import { modelTraits } from "../../canonical/claude/model-traits.ts";

/** What the models of one maker take beyond the wire's own fields, and which of those they refuse. */
export interface ModelFamily {
  name: string;
  /** Where `additionalModelRequestFields` holds the number of likeliest tokens to draw from. */
  topK: readonly string[] | null;
  /** How reasoning is asked for: Claude's `thinking`, Nova's `reasoningConfig`, or OpenAI's `reasoning_effort`. */
  reasoning: "thinking" | "nova" | "effort" | null;
  /** Takes OpenAI's parameters by their names (`seed`, `presence_penalty`, `frequency_penalty`). */
  chatFields: boolean;
  /** Takes cache points. */
  caching: boolean;
  /** How a call can be forced: of one named tool too, of any tool, or not at all. */
  forcedTools: "named" | "any" | "none";
  /** Takes a schema for its answer. */
  structured: boolean;
  /** A conversation may end with words of the assistant. */
  prefill: boolean;
  /** Searches the web with a system tool. */
  webSearch: boolean;
}

const PLAIN: ModelFamily = {
  name: "other",
  topK: null,
  reasoning: null,
  chatFields: false,
  caching: false,
  forcedTools: "none",
  structured: false,
  prefill: false,
  webSearch: false,
};
const CHAT: ModelFamily = { ...PLAIN, chatFields: true, reasoning: "effort", structured: true };
const CLAUDE: ModelFamily = {
  ...PLAIN,
  name: "claude",
  topK: ["top_k"],
  reasoning: "thinking",
  caching: true,
  forcedTools: "named",
};
const NOVA: ModelFamily = {
  ...PLAIN,
  name: "nova",
  topK: ["inferenceConfig", "topK"],
  caching: true,
  forcedTools: "named",
  prefill: true,
};
const MISTRAL: ModelFamily = { ...PLAIN, name: "mistral", topK: ["top_k"], forcedTools: "any", structured: true };

/**
 * By what stands in the model's id. Sources, below https://docs.aws.amazon.com/: bedrock/latest/userguide
 * model-parameters-claude.html, model-parameters-openai.html, model-parameters-mistral-chat-completion.html,
 * model-parameters-cohere-command-r-plus.html, prompt-caching.html, structured-output.html,
 * conversation-inference-supported-models-features.html and API_runtime_ToolChoice; nova/latest/nova2-userguide
 * request-response-schema.html and extended-thinking.html.
 */
const FAMILIES: readonly [RegExp, ModelFamily][] = [
  [/claude/, CLAUDE],
  [/nova-2/, { ...NOVA, reasoning: "nova", webSearch: true }],
  [/nova-premier/, { ...NOVA, webSearch: true }],
  [/nova/, NOVA],
  [/openai|gpt-oss/, { ...CHAT, name: "openai" }],
  [/mistral|magistral|ministral|mixtral|pixtral|voxtral/, MISTRAL],
  [/command-r/, { ...PLAIN, name: "cohere", topK: ["k"], chatFields: true }],
  [/deepseek\.r1|deepseek-r1/, { ...PLAIN, name: "deepseek-r1" }],
  [/deepseek|qwen|kimi|moonshot|minimax|zai\.|glm|gemma|nemotron/, { ...CHAT, name: "chat", reasoning: null }],
];

/**
 * The family of a model id: a base model's, an inference profile's, or the ARN of either. Application inference profiles
 * and provisioned models hide what they are: they count as models that take the wire's own fields only.
 */
export function familyOf(model: string): ModelFamily {
  const id = model.toLowerCase();
  const found = FAMILIES.find(([pattern]) => pattern.test(id))?.[1] ?? PLAIN;
  if (found !== CLAUDE) return found;
  const { structured, prefill } = modelTraits(id);
  return { ...found, structured, prefill };
}
