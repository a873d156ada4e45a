const LIST = /\/(?:models|api\/tags)(?:\?|$)/;

/**
 * True of a call for a provider's list of models, which the gateway makes by itself: at its start, and again whenever one has
 * failed. It may come at any time, between the calls that a test counts.
 */
export function isListCall(method: string, target: string): boolean {
  return method === "GET" && LIST.test(target);
}
