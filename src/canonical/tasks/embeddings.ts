import type { Part, Extensions } from "../content.ts";
import type { CallRequest, TaskAnswer } from "../task.ts";

/** One thing to embed: text, token ids, or parts (text and media together make one vector). */
export type EmbeddingInput =
  | { type: "text"; text: string }
  | { type: "tokens"; tokens: number[] }
  | { type: "parts"; parts: Part[] };

/** What the vectors are for; providers that tell queries from documents embed them differently. */
export type EmbeddingPurpose =
  | "query"
  | "document"
  | "similarity"
  | "classification"
  | "clustering"
  | "question_answering"
  | "fact_verification"
  | "code_query";

/** A request for vectors. */
export interface EmbeddingsRequest extends CallRequest {
  inputs: EmbeddingInput[];
  /** The client sent one input, not a list of one. */
  isSingle: boolean;
  dimensions?: number;
  purpose?: EmbeddingPurpose;
  /** Title of the document (Gemini). */
  title?: string;
  /** Number format of the vectors, first wanted first; absent: `float`. */
  encodings?: ("float" | "base64" | "int8" | "uint8" | "binary" | "ubinary")[];
  /** What happens to an input that is too long; absent: as the provider does. */
  truncate?: "none" | "start" | "end";
  endUser?: string;
  extensions: Extensions;
}

/** Vectors in the order of the inputs. */
export interface EmbeddingsAnswer extends TaskAnswer {
  /** The provider's id of the answer; empty when it gave none. */
  id: string;
  /** The model that the provider says answered; empty when it does not say. */
  model: string;
  vectors: number[][];
  /** Vectors in other number formats than `float`, where they were asked for; `base64` is of little-endian float32. */
  encoded?: Partial<Record<"int8" | "uint8" | "binary" | "ubinary", number[][]>> & { base64?: string[] };
}
