/** What may be asked of things that outlive a request. */
export const SERVICE_ACTIONS = [
  "response_get",
  "response_delete",
  "response_cancel",
  "response_items",
  "file_create",
  "file_list",
  "file_get",
  "file_delete",
  "file_content",
  "batch_create",
  "batch_list",
  "batch_get",
  "batch_cancel",
  "conversation_create",
  "conversation_get",
  "conversation_update",
  "conversation_delete",
  "conversation_items",
  "conversation_items_add",
  "conversation_item_get",
  "conversation_item_delete",
  "message_batch_create",
  "message_batch_list",
  "message_batch_get",
  "message_batch_cancel",
  "message_batch_delete",
  "message_batch_results",
  "job_get",
  "job_content",
  "job_delete",
  "generation",
  "feedback_create",
] as const;

export type ServiceAction = (typeof SERVICE_ACTIONS)[number];

/** One such question. */
export interface ServiceCall {
  action: ServiceAction;
  /** Of the thing that the path names; empty where it names none. */
  id: string;
  /** Of a part of that thing, where the path names one. */
  itemId?: string;
  /** As it was written. */
  query: string;
  /** Where this gateway is, as the client calls it: `http://host:port`. */
  origin: string;
}
