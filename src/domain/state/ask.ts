import type { Json, JsonObject } from "../../canonical/json.ts";

/** What data threads ask of the control thread about things that outlive a request. */
export const STATE_ASKS = [
  "response_origin",
  "response_get",
  "response_items",
  "response_replay",
  "response_delete",
  "response_cancel",
  "object_put",
  "object_get",
  "object_drop",
  "file_list",
  "file_drop",
  "batch_create",
  "batch_get",
  "batch_list",
  "batch_cancel",
  "message_batch_create",
  "message_batch_get",
  "message_batch_list",
  "message_batch_cancel",
  "message_batch_delete",
  "job_get",
  "job_drop",
  "generation",
  "feedback",
] as const;

export type StateAsk = (typeof STATE_ASKS)[number];

/** On whose behalf. */
export interface Asker {
  /** See `ownerOf`. */
  owner: string;
  /** Id of the virtual key; empty without one. */
  caller: string;
}

/** One question, as it goes over the socket. */
export interface StateQuestion {
  asker: Asker;
  args: JsonObject;
}

/** An answer: JSON, or why not. */
export type StateAnswer = { value: Json } | { error: { code: string; message: string; param?: string } };

/** What was sent back in bytes. */
export interface StateBytes {
  contentType: string;
  body: ReadableStream<Uint8Array>;
}
