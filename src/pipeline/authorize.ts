import { GatewayError } from "../canonical/errors.ts";
import type { Signer } from "../canonical/signer.ts";
import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";

type Headers = Record<string, string>;

/** The headers that the provider's signer adds to a call. Rejects when the request is given up meanwhile. */
export function authorize(context: RequestContext, it: Call): Headers | Promise<Headers> {
  const { key, prepared } = it;
  const signer = signerOf(context, it);
  if (signer === undefined) return {};
  const call = {
    method: prepared.method,
    host: key.origin.host,
    path: key.pathOf(prepared.path, prepared.wire),
    headers: key.headers(prepared.wire, prepared.headers),
    body: prepared.body,
  };
  const headers = signer.sign(call, key.credential, context.runtime.clock.wall());
  if (!(headers instanceof Promise)) return headers;
  return new Promise((resolve, reject) => {
    it.lane.giveUp = reject;
    headers.then(resolve, reject);
  });
}

/** Tells the signer that the provider did not take what it wrote. */
export function noteRefusal(context: RequestContext, it: Call, failure: GatewayError): void {
  if (failure.fields.upstream?.status !== 401) return;
  signerOf(context, it)?.refused?.(it.key.credential, context.runtime.clock.wall());
}

function signerOf({ runtime }: RequestContext, { key }: Call): Signer | undefined {
  if (key.auth.type !== "signed") return undefined;
  const signer = runtime.signers.get(key.auth.signer);
  if (signer === undefined) throw new GatewayError("internal_error", `signer ${key.auth.signer} is not installed`);
  return signer;
}
