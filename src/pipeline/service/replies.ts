import type { Json } from "../../canonical/json.ts";
import type { StateBytes } from "../../domain/state/ask.ts";
import type { Reply, RequestContext } from "../context.ts";
import { ClientStream } from "../client-stream.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { settle } from "../settle.ts";

/** An answer in JSON. */
export function jsonReply(value: Json, status = 200): Reply {
  return { status, contentType: "application/json", body: JSON.stringify(value) };
}

/** Bytes of the control thread, as they come and no faster than the client reads. */
export function bytesReply(context: RequestContext, { contentType, body }: StateBytes): Reply {
  const reader = body.getReader();
  let wake: (() => void) | null = null;
  let isPaused = false;
  const client = new ClientStream({
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      wake?.();
    },
    cancelled: () => {
      reader.cancel().catch(() => {});
      wake?.();
      context.cancel(new GatewayError("client_aborted", "the client went away"));
    },
  });
  const pump = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (context.cancelled !== null) break;
      if (done) return settle(context) === null ? client.end() : client.fail();
      client.write(value);
      if (isPaused) await new Promise<void>((resolve) => (wake = resolve));
    }
    context.error ??= context.cancelled;
    settle(context);
  };
  pump().catch((error: unknown) => {
    context.runtime.report(error);
    context.error ??= new GatewayError("overloaded", "the answer could not be read to its end");
    settle(context);
    client.fail();
  });
  context.isStreaming = true;
  return { status: 200, contentType, body: client.body };
}
