import type { TaskWeight } from "../task.ts";
import type { EmbeddingsRequest } from "./embeddings.ts";

const CHARACTERS_PER_TOKEN = 4;
/** What one image or file is taken for. */
const MEDIA_TOKENS = 1200;

/** Estimate: a token list as it is, texts by length, media by the piece. */
export function weighEmbeddings({ inputs }: EmbeddingsRequest): TaskWeight {
  let inputTokens = 0;
  let hasImages = false;
  for (const input of inputs) {
    if (input.type === "tokens") inputTokens += input.tokens.length;
    else if (input.type === "text") inputTokens += Math.ceil(input.text.length / CHARACTERS_PER_TOKEN);
    else {
      for (const part of input.parts) {
        if (part.type === "image") hasImages = true;
        inputTokens += part.type === "text" ? Math.ceil(part.text.length / CHARACTERS_PER_TOKEN) : MEDIA_TOKENS;
      }
    }
  }
  return { inputTokens, outputTokens: 0, hasImages };
}
