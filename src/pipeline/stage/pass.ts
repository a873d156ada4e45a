import { GatewayError, upstreamErrorCode, ERRORS } from "../../canonical/errors.ts";
import { addWarning } from "../../canonical/warning.ts";
import { orderKeys } from "../../domain/balance/keys.ts";
import { settleAttempt } from "../attempt-limits.ts";
import type { Target } from "../../domain/route/data.ts";
import { conceal } from "../conceal.ts";
import type { Reply, RequestContext, Stage } from "../context.ts";
import { holdGrant } from "../grant-limits.ts";
import { createMeter } from "../passthrough/answer-meter.ts";
import { BodyPump } from "../passthrough/body-pump.ts";
import { PassingCall } from "../passthrough/passing-call.ts";
import { passingAddress, passingRequest } from "../passthrough/passing-request.ts";
import { enter } from "../enter.ts";
import { noteKey, releaseKey } from "../note-key.ts";
import type { ReadyKey } from "../provider-key.ts";
import type { ReadyProvider } from "../provider.ts";
import { observeUsage, settleUsage } from "../usage.ts";
import type { Inspected } from "./inspect.ts";

/** Sends a request on as it is, once, and its answer back. */
export const pass: Stage = {
  name: "pass",
  async admit(context: RequestContext): Promise<void> {
    const { inspected } = context;
    if (inspected === null) throw new Error("the request was not inspected");
    const { provider } = inspected;
    const { model } = context.call;
    const key = await keyFor(context, provider, { provider: provider.data.name, model });
    const refusal = holdGrant(context, context, { provider: provider.data.name, model, key: key.data.name });
    if (refusal !== null) throw refusal;
    context.served = { provider: provider.data.name, model, key: key.data.name };
    const started = context.runtime.clock.monotonic();
    if (context.hold !== null) context.hold.isSent = true;
    try {
      context.reply = await send(context, inspected, key, started);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      note(context, started, error.fields.upstream?.status ?? 0, error.code);
      context.served = null;
      releaseKey(context, context, key);
      settleAttempt(context, context, null);
      throw conceal(error, { provider, authorization: {} });
    }
  },
  observe: observeUsage,
  settle(context: RequestContext): void {
    settlePassing(context);
    settleAttempt(context, context, context.usage);
  },
};

async function keyFor(context: RequestContext, provider: ReadyProvider, target: Target): Promise<ReadyKey> {
  const { health, draw, clock } = context.runtime;
  const keys = orderKeys(provider.keys, target.model, health, clock.wall(), draw);
  if (keys.length > 0) {
    const key = await enter(context, { lane: context, target, provider, keys, mayWait: true });
    if (key instanceof GatewayError) throw key;
    return key;
  }
  throw new GatewayError("no_target", `provider ${provider.data.name} has no key that may serve this request`);
}

async function send(context: RequestContext, inspected: Inspected, key: ReadyKey, started: number): Promise<Reply> {
  const { provider, passing, known, bytes } = inspected;
  const request = await passingRequest(context, provider, key, {
    method: passing.method,
    path: inspected.path,
    query: passing.query,
    body: bytes ?? (passing.body === null ? null : { size: passing.body.size }),
    headers: context.arrival.headers,
  });
  const pump = passing.body === null || bytes !== null ? null : new BodyPump(passing.body.stream());
  const call = new PassingCall(context, provider, pump, {
    headers: (back) => withAddresses(back, inspected, key),
    answered(status, contentType) {
      note(context, started, status, status < 400 ? null : upstreamErrorCode(status));
      if (status < 400) noteKey(context, context, key, null);
      // What refuses a path of the caller's choosing may be the path's rights: it says nothing of the key.
      else releaseKey(context, context, key);
      if (status >= 400) context.outcome = ERRORS[upstreamErrorCode(status)].outcome;
      return status < 400 && known !== null ? createMeter(context, known, contentType) : null;
    },
  });
  return call.open(request, () => passing.body?.ended());
}

/** Of redirects, whatever the provider: what stands behind the gateway is not the client's to see. */
const ADDRESSES: readonly string[] = ["location", "content-location"];

/** Where a client is to go on at an address of the provider's, it goes on through the gateway. */
function withAddresses(
  headers: Record<string, string>,
  { provider, passing }: Inspected,
  key: ReadyKey,
): Record<string, string> {
  for (const name of [...ADDRESSES, ...(provider.data.manifest.addressHeaders ?? [])]) {
    const address = headers[name];
    const own = address === undefined ? undefined : passingAddress(passing, key, address);
    if (own !== undefined) headers[name] = own;
  }
  return headers;
}

function note(context: RequestContext, started: number, status: number, code: GatewayError["code"] | null): void {
  const { served, runtime } = context;
  if (served === null || context.attempts.length > 0) return;
  const ms = Math.round((runtime.clock.monotonic() - started) * 1000) / 1000;
  context.attempts.push({ ...served, status, code, ms });
}

/** What no wire of ours reads has a cost that nobody knows. */
function settlePassing(context: RequestContext): void {
  const isFailed = context.outcome !== null || context.served === null;
  if (context.isMetered && !isFailed) return settleUsage(context);
  context.giveUp = null;
  context.costNano = isFailed ? 0 : null;
  if (isFailed || context.warnings.some(({ code }) => code === "price_unknown")) return;
  addWarning(context.warnings, {
    code: "price_unknown",
    field: "path",
    message: "what this request cost is not known: not counted",
  });
}
