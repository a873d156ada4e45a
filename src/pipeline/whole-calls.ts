import type { RequestContext } from "./context.ts";

/** Whether the client reads calls of tools only whole, and may be streamed some. */
export function wantsWholeCalls({ arrival, chat, chatDialect }: RequestContext): boolean {
  if (chatDialect.wantsWholeCalls === undefined || !chat.stream || chat.tools.length === 0) return false;
  const agent = arrival.headers.get("user-agent");
  return agent !== null && chatDialect.wantsWholeCalls(agent);
}
