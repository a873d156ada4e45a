import { GatewayError } from "../../canonical/errors.ts";
import type { Json } from "../../canonical/json.ts";
import type { ChatRequest, Item } from "../../canonical/request.ts";

/** What a request asks to have completed. */
export interface Prompt {
  items: Item[];
  /** How many prompts there are. */
  count: number;
  relayOnly?: NonNullable<ChatRequest["relayOnly"]>;
}

/**
 * Reads `prompt`: a text, a list of texts, a list of tokens, or a list of such lists. One text is what a user says; the other
 * forms have no equivalent in a conversation.
 */
export function decodePrompt(prompt: Json | undefined): Prompt {
  if (prompt === undefined || prompt === null) return { items: [], count: 1, relayOnly: only("there is no prompt") };
  if (typeof prompt === "string") return { items: [userSays(prompt)], count: 1 };
  if (!Array.isArray(prompt) || prompt.length === 0) throw refusal();
  if (prompt.every((each) => typeof each === "string")) return decodeTexts(prompt);
  const count = isTokens(prompt) ? 1 : prompt.length;
  if (count !== 1 || !isTokens(prompt)) for (const each of prompt) if (!isTokens(each)) throw refusal();
  return { items: [], count, relayOnly: only("the prompt is a list of tokens") };
}

function decodeTexts(texts: string[]): Prompt {
  const prompt: Prompt = { items: texts.map(userSays), count: texts.length };
  if (texts.length > 1) prompt.relayOnly = only("there are several prompts, of which a chat takes one");
  return prompt;
}

function userSays(text: string): Item {
  return { type: "message", role: "user", content: [{ type: "text", text }] };
}

function isTokens(value: Json | undefined): boolean {
  return Array.isArray(value) && value.every((token) => typeof token === "number");
}

function only(why: string): NonNullable<ChatRequest["relayOnly"]> {
  return { param: "prompt", message: `prompt: ${why}; only a provider of text completions can serve this request` };
}

function refusal(): GatewayError {
  const message = "prompt: must be a text, a list of texts, a list of tokens, or a list of such lists";
  return new GatewayError("invalid_request", message, { param: "prompt" });
}
