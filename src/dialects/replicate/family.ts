import type { Option } from "../../canonical/words/warn-unsaid.ts";

/** How language models of one maker name their inputs. */
export interface Family {
  models: RegExp;
  options: Readonly<Partial<Record<Option, string>>>;
  /** Field of the instructions beside a prompt; absent: they stand before it. */
  system?: string;
  /** Takes conversations as a list of `messages`. */
  hasMessages?: boolean;
  /** Field of images, and whether it is a list. */
  images?: { field: string; isList: boolean };
  hasEffort?: boolean;
}

/** First match wins; the last one is that of models on Cog's and vLLM's own template. */
const FAMILIES: readonly Family[] = [
  {
    // https://replicate.com/openai/gpt-4.1-mini/api/schema, https://replicate.com/openai/o1/api/schema
    models: /^openai\//,
    options: {
      temperature: "temperature",
      topP: "top_p",
      maxOutputTokens: "max_completion_tokens",
      presencePenalty: "presence_penalty",
      frequencyPenalty: "frequency_penalty",
    },
    hasMessages: true,
    images: { field: "image_input", isList: true },
    hasEffort: true,
  },
  {
    // https://replicate.com/anthropic/claude-3.5-sonnet/api/schema
    models: /^anthropic\//,
    options: { maxOutputTokens: "max_tokens" },
    system: "system_prompt",
    images: { field: "image", isList: false },
  },
  {
    // https://replicate.com/google/gemini-2.5-flash/api/schema
    models: /^google\/gemini/,
    options: { temperature: "temperature", topP: "top_p", maxOutputTokens: "max_output_tokens" },
    system: "system_instruction",
    images: { field: "images", isList: true },
  },
  {
    // https://replicate.com/deepseek-ai/deepseek-r1/api/schema
    models: /^deepseek-ai\//,
    options: {
      temperature: "temperature",
      topP: "top_p",
      maxOutputTokens: "max_tokens",
      presencePenalty: "presence_penalty",
      frequencyPenalty: "frequency_penalty",
    },
  },
  {
    // https://replicate.com/meta/meta-llama-3-70b-instruct/api/schema
    models: /^/,
    options: {
      temperature: "temperature",
      topP: "top_p",
      topK: "top_k",
      maxOutputTokens: "max_tokens",
      presencePenalty: "presence_penalty",
      frequencyPenalty: "frequency_penalty",
      stop: "stop_sequences",
      seed: "seed",
    },
    system: "system_prompt",
  },
];

/** The family of a model's id. */
export function familyOf(model: string): Family {
  const found = FAMILIES.find(({ models }) => models.test(model)) ?? FAMILIES.at(-1);
  if (found === undefined) throw new Error("there is no family");
  return found;
}
