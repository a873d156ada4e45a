import { KeyedQueue } from "../../lib/keyed-queue.ts";

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

/** The prefix of ids made up for calls of a request. */
export const REQUEST_PREFIX = MADE;

/**
 * Call ids within one conversation or answer. Made-up ids are `prefix` and a number in order of appearance, so the
 * same history always gets the same ids. Gemini may leave ids out (`FunctionCall.id` is optional).
 */
export function createCallIds(prefix: string): CallIds {
  const open = new KeyedQueue<string>();
  let made = 0;
  const makeId = (): string => `${prefix}${(made += 1)}`;
  const openOf = (name: string): string | undefined =>
    open.takeBy(`unnamed ${name}`) ?? open.takeBy(`name ${name}`) ?? open.take();
  return {
    ofCall(id, name) {
      const callId = id ?? makeId();
      open.add(callId, [`id ${callId}`, `name ${name}`, ...(id === undefined ? [`unnamed ${name}`] : [])]);
      return callId;
    },
    ofResult(id, name) {
      const answered = id === undefined ? openOf(name) : open.takeBy(`id ${id}`);
      return id ?? answered ?? makeId();
    },
  };
}

/**
 * The prefix for an answer's made-up ids: unique across the answers of a conversation, and short enough for the 40
 * characters that OpenAI allows in a call id.
 */
export function callPrefix(responseId: string): string {
  const base = responseId.replaceAll(/[^\w-]/g, "_").slice(0, 24);
  return `${MADE}${base === "" ? crypto.randomUUID().slice(0, 18) : base}_`;
}
