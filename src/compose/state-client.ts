import { ERRORS, GatewayError, type ErrorCode } from "../canonical/errors.ts";
import type { Json } from "../canonical/json.ts";
import type { StateAnswer, StateQuestion } from "../domain/state/ask.ts";
import { SpoolWriter } from "../domain/state/spool.ts";
import type { StateClient } from "../pipeline/state-client.ts";

/** Longest that the control thread is waited for. */
const TIMEOUT_MS = 60_000;

/** Asks the control thread over its socket; `report` notes what went wrong in the process log. */
export function createStateClient(unix: string, spool: SpoolWriter, report: (error: unknown) => void): StateClient {
  const post = async (path: string, body: BodyInit): Promise<Json> => {
    const response = await send(`http://state/${path}`, { unix, method: "POST", body }, report);
    return valueOf((await response.json()) as StateAnswer);
  };
  const query = (question: StateQuestion): string => `q=${encodeURIComponent(JSON.stringify(question))}`;
  return {
    ask: (name, asker, args) => post(`ask/${name}`, JSON.stringify({ asker, args } satisfies StateQuestion)),
    upload: (asker, args, data) => post(`upload?${query({ asker, args })}`, data as BodyInit),
    defer: (asker, args, data) => post(`job?${query({ asker, args })}`, data as BodyInit),
    async bytes(name, asker, id) {
      const response = await send(`http://state/bytes/${name}?${query({ asker, args: { id } })}`, { unix }, report);
      const contentType = response.headers.get("content-type") ?? "application/octet-stream";
      if (contentType.startsWith("application/json") && response.headers.get("x-state") !== "bytes") {
        valueOf((await response.json()) as StateAnswer);
      }
      return { contentType, body: response.body ?? new ReadableStream({ start: (controller) => controller.close() }) };
    },
    keep: (response) => spool.put(response),
  };
}

async function send(
  url: string,
  init: RequestInit & { unix: string },
  report: (error: unknown) => void,
): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    report(error);
    throw new GatewayError("overloaded", "the control thread does not answer", { retryAfterMs: 5000 });
  }
}

function valueOf(answer: StateAnswer): Json {
  if ("value" in answer) return answer.value;
  const { code, message, param } = answer.error;
  const known: ErrorCode = Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : "internal_error";
  throw new GatewayError(known, message, param === undefined ? {} : { param });
}
