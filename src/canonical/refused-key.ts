import type { UpstreamFault } from "./errors.ts";

/**
 * The fault with status 401 where it says of a 400 that the key was wrong, as xAI does (https://docs.x.ai/developers/debugging):
 * it then counts as the key's fault and not as the request's.
 */
export function withRefusedKey(fault: UpstreamFault): UpstreamFault {
  return fault.status === 400 && /^incorrect api key\b/i.test(fault.message) ? { ...fault, status: 401 } : fault;
}
