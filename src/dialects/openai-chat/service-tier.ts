/** Words of other dialects for OpenAI's (Anthropic, Gemini and Bedrock: `standard`); typed clients refuse what is none of these. */
const NAMES: ReadonlyMap<string, string> = new Map([["standard", "default"]]);

/** The `service_tier` of an answer for a client (openai SDK 6.49, ChatCompletion). */
export function encodeServiceTier(tier: string): string {
  return NAMES.get(tier.toLowerCase()) ?? tier;
}
