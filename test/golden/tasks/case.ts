import type { JsonObject } from "../../../src/canonical/json.ts";
import type { DialectName } from "../../../src/canonical/names.ts";

/** Operations that several dialects of clients have, all in JSON; the others have matrices of their own. */
export const JSON_OPERATIONS = ["embeddings", "moderation", "rerank"] as const;

export type JsonOperation = (typeof JSON_OPERATIONS)[number];

/** A request as clients of each dialect of its operation send it; a sentence where a dialect cannot say it. */
export interface TaskRequestCase {
  operation: JsonOperation;
  name: string;
  /** Without `model`. */
  wire: Partial<Record<DialectName, JsonObject | string>>;
  /** Values of the request. A provider must receive them, or the client a warning or an error. */
  facts: readonly (string | number | boolean)[];
}

/** An answer as providers of each dialect of its operation give it; a sentence where a dialect cannot. */
export interface TaskAnswerCase {
  operation: JsonOperation;
  name: string;
  /** The case that asked for it. */
  request: string;
  wire: Partial<Record<DialectName, JsonObject | string>>;
}
