import { GatewayError } from "../canonical/errors.ts";
import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";

/** The headers that the provider's signer adds to a call. */
export function authorize(context: RequestContext, it: Call): Record<string, string> | Promise<Record<string, string>> {
  const { auth } = it.provider.data.manifest;
  const { key, prepared } = it;
  if (auth.type !== "signed") return {};
  const signer = context.runtime.signers.get(auth.signer);
  if (signer === undefined) throw new GatewayError("internal_error", `signer ${auth.signer} is not installed`);
  const call = {
    method: prepared.method,
    host: key.origin.host,
    path: key.pathOf(prepared.path, prepared.wire),
    headers: key.headers(prepared.wire, prepared.headers),
    body: prepared.body,
  };
  return signer.sign(call, key.credential, context.runtime.clock.wall());
}
