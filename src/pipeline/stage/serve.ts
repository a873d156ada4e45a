import type { Reply, RequestContext, Stage } from "../context.ts";
import { cancelBatch, createBatch, getBatch, listBatches } from "../service/batches.ts";
import {
  addConversationItems,
  createConversation,
  deleteConversation,
  deleteConversationItem,
  getConversation,
  getConversationItem,
  listConversationItems,
  updateConversation,
} from "../service/conversations.ts";
import { giveFeedback } from "../service/feedback.ts";
import { createFile, deleteFile, fileContent, getFile, listFiles } from "../service/files.ts";
import { deleteJob, getGeneration, getJob, jobContent } from "../service/jobs.ts";
import {
  cancelMessageBatch,
  createMessageBatch,
  deleteMessageBatch,
  getMessageBatch,
  listMessageBatches,
  messageBatchResults,
} from "../service/message-batches.ts";
import type { ServiceAction, ServiceCall } from "../service/service-call.ts";
import { cancelResponse, deleteResponse, getResponse, listInputItems } from "../service/stored-responses.ts";

type Handler = (context: RequestContext, service: ServiceCall) => Promise<Reply>;

const HANDLERS: Readonly<Record<ServiceAction, Handler>> = {
  response_get: getResponse,
  response_delete: deleteResponse,
  response_cancel: cancelResponse,
  response_items: listInputItems,
  file_create: createFile,
  file_list: listFiles,
  file_get: getFile,
  file_delete: deleteFile,
  file_content: fileContent,
  batch_create: createBatch,
  batch_list: listBatches,
  batch_get: getBatch,
  batch_cancel: cancelBatch,
  conversation_create: createConversation,
  conversation_get: getConversation,
  conversation_update: updateConversation,
  conversation_delete: deleteConversation,
  conversation_items: listConversationItems,
  conversation_items_add: addConversationItems,
  conversation_item_get: getConversationItem,
  conversation_item_delete: deleteConversationItem,
  message_batch_create: createMessageBatch,
  message_batch_list: listMessageBatches,
  message_batch_get: getMessageBatch,
  message_batch_cancel: cancelMessageBatch,
  message_batch_delete: deleteMessageBatch,
  message_batch_results: messageBatchResults,
  job_get: getJob,
  job_content: jobContent,
  job_delete: deleteJob,
  generation: getGeneration,
  feedback_create: giveFeedback,
};

/** Answers what is asked of things that outlive a request. It costs nothing, but for what a provider does later. */
export const serve: Stage = {
  name: "serve",
  readsBody: true,
  async admit(context: RequestContext): Promise<void> {
    const { service } = context.arrival;
    if (service === undefined) throw new Error("the request asks for nothing that outlives it");
    context.reply = await HANDLERS[service.action](context, service);
  },
  settle(context: RequestContext): void {
    context.giveUp = null;
    context.costNano = context.isMetered ? 0 : null;
  },
};
