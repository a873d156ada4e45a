import type { ChatDialect } from "../../../src/canonical/names.ts";
import { AI_GATEWAY_REQUESTS } from "./ai-gateway.ts";
import { CONVERSE_REQUESTS } from "./bedrock-converse.ts";
import { BEDROCK_TEXT_REQUESTS } from "./bedrock-text.ts";
import type { RequestCase, RequestsOfDialect } from "./case.ts";
import { COHERE_REQUESTS } from "./cohere.ts";
import { MEDIA_CASES } from "./media.ts";
import { OLLAMA_REQUESTS } from "./ollama.ts";
import { COMPLETIONS_REQUESTS } from "./openai-completions.ts";
import { OPTION_CASES } from "./options.ts";
import { TEXT_CASES } from "./text.ts";
import { TOOL_CASES } from "./tools.ts";

/** How each case looks in dialects with a file of their own. */
const BY_DIALECT: Partial<Record<ChatDialect, RequestsOfDialect>> = {
  "ai-gateway": AI_GATEWAY_REQUESTS,
  "bedrock-converse": CONVERSE_REQUESTS,
  "bedrock-text": BEDROCK_TEXT_REQUESTS,
  cohere: COHERE_REQUESTS,
  ollama: OLLAMA_REQUESTS,
  "openai-completions": COMPLETIONS_REQUESTS,
};

/** All requests of the matrix. A case that a dialect does not mention is missing there, which a test refuses. */
export const REQUEST_CASES: readonly RequestCase[] = [
  ...TEXT_CASES,
  ...MEDIA_CASES,
  ...TOOL_CASES,
  ...OPTION_CASES,
].map((it) => {
  const more = Object.entries<RequestsOfDialect>(BY_DIALECT).flatMap(([dialect, requests]) => {
    const wire = requests[it.name];
    return wire === undefined ? [] : [[dialect, wire]];
  });
  return { ...it, wire: { ...it.wire, ...Object.fromEntries(more) } as RequestCase["wire"] };
});
