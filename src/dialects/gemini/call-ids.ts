/** How the ids begin that stand for those which Gemini did not give. */
const MADE = "call_gemini_";

/** True of an id that Gemini has never heard of, whichever way it comes back. */
export function isMadeUp(callId: string): boolean {
  return callId.startsWith(MADE);
}

/** Names calls that came without an id, and finds the call of a result that came without one. */
export interface CallIds {
  /** The id of a call: the wire's own, or a made-up one. */
  ofCall(id: string | undefined, name: string): string;
  /**
   * The id of the call that a result answers: the wire's own, or that of the first open call of this name, of those that came
   * without an id before others.
   */
  ofResult(id: string | undefined, name: string): string;
}

interface OpenCall {
  id: string;
  name: string;
  /** The wire gave it no id. */
  unnamed: boolean;
}

/** The prefix of ids made up for calls of a request. */
export const REQUEST_PREFIX = MADE;

/**
 * Call ids within one conversation or answer. Made-up ids are `prefix` and a number in order of appearance, so the
 * same history always gets the same ids. Gemini may leave ids out (`FunctionCall.id` is optional).
 */
export function createCallIds(prefix: string): CallIds {
  const open: OpenCall[] = [];
  let made = 0;
  const makeId = (): string => `${prefix}${(made += 1)}`;
  return {
    ofCall(id, name) {
      const call = { id: id ?? makeId(), name, unnamed: id === undefined };
      open.push(call);
      return call.id;
    },
    ofResult(id, name) {
      const at = id === undefined ? findOpen(open, name) : open.findIndex((call) => call.id === id);
      const call = at < 0 ? undefined : open.splice(at, 1)[0];
      return id ?? call?.id ?? makeId();
    },
  };
}

function findOpen(open: readonly OpenCall[], name: string): number {
  const alike = open.findIndex((call) => call.name === name && call.unnamed);
  const named = alike < 0 ? open.findIndex((call) => call.name === name) : alike;
  return named < 0 && open.length > 0 ? 0 : named;
}

/**
 * The prefix for an answer's made-up ids: unique across the answers of a conversation, and short enough for the 40
 * characters that OpenAI allows in a call id.
 */
export function callPrefix(responseId: string): string {
  const base = responseId.replaceAll(/[^\w-]/g, "_").slice(0, 24);
  return `${MADE}${base === "" ? crypto.randomUUID().slice(0, 18) : base}_`;
}
