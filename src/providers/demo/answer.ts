import { sseEvent } from "../../lib/sse-write.ts";
import { chunksOf } from "./chunks.ts";
import { errorBody, HTTP_FAULTS, type FaultName } from "./faults.ts";
import { Pace } from "./pace.ts";
import { planAnswer, type Plan } from "./plan.ts";
import { replyOf } from "./reply.ts";
import type { DemoRequest } from "./request.ts";

/** How long a stalled answer stays open. */
const STALL_MS = 300_000;

/** Time for what was sent to leave before the connection breaks. */
const BEFORE_CUT_MS = 20;

const JSON_HEADERS = { "content-type": "application/json" };
const STREAM_HEADERS = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" };

/** Answers a request, at the model's pace; `fault` is what goes wrong halfway, if anything. */
export async function answer(request: DemoRequest, fault: FaultName | undefined): Promise<Response> {
  const plans = planAnswer(request);
  const created = Math.floor(Date.now() / 1000);
  const { directives, model } = request;
  const pace = new Pace(directives.latencyMs ?? model.latencyMs, directives.tokensPerSecond ?? model.tokensPerSecond);
  if (request.stream) return streamAnswer(request, plans, created, pace, fault);
  await pace.wait(plans.reduce((most, plan) => Math.max(most, plan.outputTokens + plan.reasoningTokens), 0));
  const body = JSON.stringify(replyOf(request, plans, created));
  if (fault === undefined) return new Response(body, { headers: JSON_HEADERS });
  return new Response(piecesToStream([body.slice(0, body.length / 2)], [0], pace, fault), { headers: JSON_HEADERS });
}

async function streamAnswer(
  request: DemoRequest,
  plans: Plan[],
  created: number,
  pace: Pace,
  fault: FaultName | undefined,
): Promise<Response> {
  const chunks = chunksOf(request, plans, created);
  const kept = fault === undefined ? chunks : chunks.slice(0, Math.ceil(chunks.length / 2));
  const frames = kept.map(({ body }) => sseEvent("", JSON.stringify(body)));
  if (fault === undefined) frames.push(sseEvent("", "[DONE]"));
  if (fault === "error_event") frames.push(sseEvent("", JSON.stringify(errorBody(HTTP_FAULTS["500"]))));
  await pace.wait(0);
  const tokens = kept.map((chunk) => chunk.tokens);
  return new Response(piecesToStream(frames, tokens, pace, fault), { headers: STREAM_HEADERS });
}

/** Sends the pieces as they fall due; then ends, breaks the connection (`cut`) or falls silent (`stall`). */
function piecesToStream(
  pieces: readonly string[],
  tokens: readonly number[],
  pace: Pace,
  fault: FaultName | undefined,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const gone = Promise.withResolvers<undefined>();
  let next = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = pieces[next];
      if (piece !== undefined) {
        await pace.wait(tokens[next] ?? 0);
        next += 1;
        controller.enqueue(encoder.encode(piece));
        return;
      }
      if (fault === "cut") await Bun.sleep(BEFORE_CUT_MS);
      if (fault === "stall") await Promise.race([gone.promise, Bun.sleep(STALL_MS)]);
      if (fault === "cut" || fault === "stall") controller.error();
      else controller.close();
    },
    cancel: () => gone.resolve(undefined),
  });
}
