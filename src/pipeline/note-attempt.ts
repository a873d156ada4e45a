import type { GatewayError } from "../canonical/errors.ts";
import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";

/** Notes an upstream call that began at `started` (monotonic) on the request; before it settles, so that its record has it. */
export function noteAttempt(context: RequestContext, it: Call, started: number, failure: GatewayError | null): void {
  context.attempts.push({
    provider: it.target.provider,
    model: it.target.model,
    key: it.key.data.name,
    status: failure === null ? 200 : (failure.fields.upstream?.status ?? 0),
    code: failure?.code ?? null,
    ms: Math.round((context.runtime.clock.monotonic() - started) * 1000) / 1000,
  });
}
