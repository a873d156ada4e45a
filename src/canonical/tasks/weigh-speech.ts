import type { TaskWeight } from "../task.ts";
import { emptyUsage, unitUsage, type Usage } from "../usage.ts";
import type { SpeechRequest } from "./speech.ts";

const CHARACTERS_PER_TOKEN = 4;
/**
 * Speech has about 15 characters a second and, by the price list, 1,250 audio tokens a minute ($0.015 at $12 a million):
 * https://platform.openai.com/docs/pricing
 */
const AUDIO_TOKENS_PER_CHARACTER = 1.4;
/** Of slow speech. */
const MOST_AUDIO_TOKENS_PER_CHARACTER = 2.5;

/** Characters are exact, tokens an upper estimate. */
export function weighSpeech({ input, instructions = "" }: SpeechRequest): TaskWeight {
  return {
    inputTokens: Math.ceil((input.length + instructions.length) / CHARACTERS_PER_TOKEN),
    outputTokens: Math.ceil(input.length * MOST_AUDIO_TOKENS_PER_CHARACTER),
    hasImages: false,
    units: { characters: input.length },
  };
}

/** OpenAI's models that are billed by tokens; all others, of other hosts too, by characters. */
const BY_TOKENS = /(?:^|\/)gpt-/;

/** Audio comes without usage: characters are exact, tokens estimated. */
export function speechUsage({ model, input, instructions = "" }: SpeechRequest): Usage {
  if (!BY_TOKENS.test(model)) return unitUsage({ characters: input.length });
  const outputTokens = Math.ceil(input.length * AUDIO_TOKENS_PER_CHARACTER);
  const inputTokens = Math.ceil((input.length + instructions.length) / CHARACTERS_PER_TOKEN);
  return { ...emptyUsage(), inputTokens, outputTokens, audioOutputTokens: outputTokens };
}
