import type { Extensions } from "../content.ts";
import type { Json, JsonObject } from "../json.ts";
import type { CallRequest, TaskAnswer } from "../task.ts";

/** Where a document comes from: an address, a data URL, or an id at the provider's files API. */
export type OcrDocument =
  | { type: "document"; url: string; name?: string }
  | { type: "image"; url: string }
  | { type: "file_id"; id: string };

/** A document to be read. */
export interface OcrRequest extends CallRequest {
  document: OcrDocument;
  /** From 0; absent: all. */
  pages?: number[];
  extensions: Extensions;
}

export interface OcrPage {
  index: number;
  markdown: string;
  /** Whatever else the provider says of the page. */
  rest: JsonObject;
}

export interface OcrAnswer extends TaskAnswer {
  model: string;
  pages: OcrPage[];
  /** Further fields of the answer. */
  rest: Record<string, Json | undefined>;
}
