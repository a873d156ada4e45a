import type { Extensions, Part } from "../content.ts";
import type { JsonObject } from "../json.ts";
import type { CallRequest, TaskAnswer } from "../task.ts";

/** One thing to judge: text, parts (text and images together), or the last turn of a conversation of chat messages. */
export type ModerationInput =
  | { type: "text"; text: string }
  | { type: "parts"; parts: Part[] }
  | { type: "conversation"; messages: JsonObject[] };

/** A request to judge whether content is harmful. */
export interface ModerationRequest extends CallRequest {
  inputs: ModerationInput[];
  /** The client sent one text or conversation, not a list of one. */
  isSingle: boolean;
  extensions: Extensions;
}

/** The judgement on one input. Categories are the provider's own. */
export interface ModerationResult {
  flagged: boolean;
  categories: JsonObject;
  /** From 0 to 1, by category. */
  scores: JsonObject;
  /** Kinds of input that each category looked at (OpenAI `category_applied_input_types`). */
  appliedTo?: JsonObject;
}

/** Judgements in the order of the inputs. */
export interface ModerationAnswer extends TaskAnswer {
  /** The provider's id of the answer; empty when it gave none. */
  id: string;
  /** The model that the provider says answered; empty when it does not say. */
  model: string;
  results: ModerationResult[];
}
