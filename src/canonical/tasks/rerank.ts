import type { Extensions } from "../content.ts";
import type { JsonObject } from "../json.ts";
import type { CallRequest, TaskAnswer } from "../task.ts";

/** One thing to rank: text, or an object of the caller's (fields of a record, an image, …). */
export type Rankable = string | JsonObject;

/** A request to put documents in the order of how well they answer a query. */
export interface RerankRequest extends CallRequest {
  query: Rankable;
  documents: Rankable[];
  /** How many results are wanted, at most; absent: all. */
  topN?: number;
  /** Whether the results should hold the documents; absent: as the dialect of the client does. */
  returnDocuments?: boolean;
  /** Keys of documents that count, in order; absent: all. */
  rankFields?: string[];
  maxTokensPerDocument?: number;
  extensions: Extensions;
}

export interface RankedDocument {
  /** Place of the document in the request. */
  index: number;
  score: number;
  /** Absent when the provider did not return it. */
  document?: Rankable;
}

/** Documents in the order of their scores, best first. */
export interface RerankAnswer extends TaskAnswer {
  /** The provider's id of the answer; empty when it gave none. */
  id: string;
  /** The model that the provider says answered; empty when it does not say. */
  model: string;
  results: RankedDocument[];
}
