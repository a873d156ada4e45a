import type { ChatResponse } from "../canonical/response.ts";
import { replayResponse } from "../canonical/replay.ts";
import type { Reply, RequestContext } from "./context.ts";
import { replyContext } from "./reply-context.ts";

/** A chat's answer of this text, made without a provider, for tests of clients (LiteLLM's `mock_response`). */
export function mockReply(context: RequestContext, text: string): Reply {
  const { id, wall } = context.arrival;
  const response: ChatResponse = {
    id,
    model: context.chat.model,
    createdAt: Math.floor(wall / 1000),
    candidates: [
      {
        index: 0,
        items: [{ type: "message", role: "assistant", content: [{ type: "text", text }] }],
        finishReason: "stop",
      },
    ],
  };
  const dialect = context.chatDialect;
  const reply = replyContext(context);
  if (!context.chat.stream)
    return {
      status: 200,
      contentType: "application/json",
      body: JSON.stringify(dialect.encodeResponse(response, reply)),
    };
  const encoder = dialect.createStreamEncoder(reply);
  const chunks = replayResponse(response).map((part) => Buffer.from(encoder.encode(part) as string));
  return { status: 200, contentType: dialect.streamContentType, body: Buffer.concat(chunks) };
}
