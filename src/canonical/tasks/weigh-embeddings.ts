import type { TaskWeight } from "../task.ts";
import type { EmbeddingsRequest } from "./embeddings.ts";

const CHARACTERS_PER_TOKEN = 4;
/** What one image or file is taken for. */
const MEDIA_TOKENS = 1200;

/** Estimate: a token list as it is, texts by length, media by the piece. */
export function weighEmbeddings({ inputs }: EmbeddingsRequest): TaskWeight {
  let tokens = 0;
  let characters = 0;
  let hasImages = false;
  for (const input of inputs) {
    if (input.type === "tokens") tokens += input.tokens.length;
    for (const part of input.type === "parts" ? input.parts : [input]) {
      if (part.type === "text") characters += part.text.length;
      else if (part.type !== "tokens") tokens += MEDIA_TOKENS;
      if (part.type === "image") hasImages = true;
    }
  }
  return { inputTokens: tokens + Math.ceil(characters / CHARACTERS_PER_TOKEN), outputTokens: 0, hasImages };
}
