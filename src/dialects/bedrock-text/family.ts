import type { JsonObject } from "../../canonical/json.ts";
import type { FinishReason } from "../../canonical/response.ts";
import type { Option } from "../../canonical/words/warn-unsaid.ts";

/** The bodies that InvokeModel has for models of text: Amazon Titan, Meta Llama, Mistral, Cohere Command, and Command R. */
export type Family = "titan" | "llama" | "mistral" | "command" | "command-r";

export interface FamilyTraits {
  /** Tells its model ids. */
  models: RegExp;
  /** Fields of which any tells its requests. */
  marks: readonly string[];
  /** The field of the prompt. */
  prompt: string;
  /** Where its options stand, when not at the top. */
  nest?: string;
  /** The wire's names of its options. */
  options: Readonly<Partial<Record<Option, string>>>;
  /** Its words for why an answer ended; the first for each reason is written. */
  reasons: readonly (readonly [word: string, reason: FinishReason])[];
}

/** By family, in the order in which requests are told: the least distinctive fields come last. */
export const FAMILIES: Readonly<Record<Family, FamilyTraits>> = {
  /** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html */
  titan: {
    models: /titan-(?:text|tg1)/,
    marks: ["inputText"],
    prompt: "inputText",
    nest: "textGenerationConfig",
    options: { temperature: "temperature", topP: "topP", maxOutputTokens: "maxTokenCount", stop: "stopSequences" },
    reasons: [
      ["FINISH", "stop"],
      ["FINISHED", "stop"],
      ["LENGTH", "length"],
      ["STOP_CRITERIA_MET", "stop_sequence"],
      ["CONTENT_FILTERED", "content_filter"],
    ],
  },
  /** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command-r-plus.html */
  "command-r": {
    models: /command-r/,
    marks: ["message"],
    prompt: "message",
    options: {
      temperature: "temperature",
      topP: "p",
      topK: "k",
      maxOutputTokens: "max_tokens",
      stop: "stop_sequences",
      seed: "seed",
      presencePenalty: "presence_penalty",
      frequencyPenalty: "frequency_penalty",
    },
    reasons: [
      ["COMPLETE", "stop"],
      ["MAX_TOKENS", "length"],
      ["STOP_SEQUENCE", "stop_sequence"],
      ["ERROR_LIMIT", "length"],
      ["ERROR_TOXIC", "content_filter"],
      ["ERROR", "error"],
    ],
  },
  /** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html */
  llama: {
    models: /llama/,
    marks: ["max_gen_len"],
    prompt: "prompt",
    options: { temperature: "temperature", topP: "top_p", maxOutputTokens: "max_gen_len" },
    reasons: [
      ["stop", "stop"],
      ["length", "length"],
    ],
  },
  /** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command.html */
  command: {
    models: /cohere\.command/,
    marks: ["p", "k", "stop_sequences", "num_generations", "return_likelihoods", "truncate", "stream"],
    prompt: "prompt",
    options: {
      temperature: "temperature",
      topP: "p",
      topK: "k",
      maxOutputTokens: "max_tokens",
      stop: "stop_sequences",
      n: "num_generations",
    },
    reasons: [
      ["COMPLETE", "stop"],
      ["MAX_TOKENS", "length"],
      ["ERROR_TOXIC", "content_filter"],
      ["ERROR", "error"],
    ],
  },
  /** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html */
  mistral: {
    models: /mistral|mixtral/,
    marks: ["prompt"],
    prompt: "prompt",
    options: {
      temperature: "temperature",
      topP: "top_p",
      topK: "top_k",
      maxOutputTokens: "max_tokens",
      stop: "stop",
    },
    reasons: [
      ["stop", "stop"],
      ["length", "length"],
    ],
  },
};

const ALL = Object.entries(FAMILIES) as [Family, FamilyTraits][];

/** The family that a model id names; undefined: none. */
export function familyOfModel(model: string): Family | undefined {
  return ALL.find(([, { models }]) => models.test(model))?.[0];
}

/**
 * The family of a request: by its fields, and where several have those, by the model's id. A bare `prompt` of a model
 * without a telling name is Mistral's, whose fields are the plainest. Undefined: none.
 */
export function familyOfRequest(body: JsonObject, model: string): Family | undefined {
  const named = familyOfModel(model);
  if (named !== undefined && FAMILIES[named].prompt in body) return named;
  return ALL.find(([, { marks, prompt }]) => prompt in body && marks.some((field) => field in body))?.[0];
}

/** Reads a family's word for why an answer ended; in any letter case, as hosts write it differently. */
export function decodeReason(word: string): FinishReason {
  const upper = word.toUpperCase();
  for (const [, { reasons }] of ALL) {
    for (const [known, reason] of reasons) if (known.toUpperCase() === upper) return reason;
  }
  return "other";
}

/** A family's word for a reason: its own when the answer came with one. */
export function encodeReason(family: Family, reason: FinishReason, raw: string | undefined): string {
  const { reasons } = FAMILIES[family];
  if (reasons.some(([word, meaning]) => word === raw && meaning === reason)) return raw ?? "";
  const near = reason === "refusal" ? "content_filter" : reason;
  const found = reasons.find(([, meaning]) => meaning === near) ?? reasons[0];
  return found?.[0] ?? "";
}
