/**
 * Mistral's own SDKs (`speakeasy-sdk/typescript 2.7.0 … @mistralai/mistralai`, `speakeasy-sdk/python … mistralai`) want the name of the
 * function in each piece of a call, since Mistral streams calls whole
 * (https://docs.mistral.ai/api/#tag/chat/operation/chat_completion_v1_chat_completions_post).
 */
export function wantsWholeCalls(userAgent: string): boolean {
  return userAgent.includes("mistralai") || userAgent.startsWith("mistral-client");
}
