import { CLAIM, giveUpProbe, isRefused, noteRefused, tryKey, untilOf } from "./refused-key.ts";
import { isAhead, sharedTime } from "./shared-time.ts";

const SLOT_BYTES = 16;
/** Headers of quotas are read this often. */
const QUOTA_PAUSE_MS = 250;

/** Why a key rests, and until when (Unix milliseconds). */
export interface KeyRest {
  reason: "limited" | "refused";
  until: number;
}

/**
 * Which provider keys rest, shared by all threads. A key rests after a 429 or when nothing is left of its quota, until the time
 * that it was told, and after its credential or account was refused, for longer each time: then one call is let through to
 * see, and the others go on without it until that one was good.
 */
export class KeyHealth {
  private readonly until: Float64Array;
  private readonly refused: Int32Array;
  private readonly quotaReadAt: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    const keys = memory.byteLength / SLOT_BYTES;
    this.until = new Float64Array(memory, 0, keys);
    this.refused = new Int32Array(memory, keys * 8, keys);
    this.quotaReadAt = new Int32Array(memory, keys * 12, keys);
  }

  /** Shared memory for this many keys. */
  static createMemory(keys: number): SharedArrayBuffer {
    return new SharedArrayBuffer(Math.max(1, keys) * SLOT_BYTES);
  }

  /** Whether other keys should be tried first. */
  isResting(slot: number, now: number): boolean {
    return (this.until[slot] ?? 0) > now || isRefused(this.refused, slot, now);
  }

  /** Whether it was refused and has not been good since: then `claim` says how a call goes on. */
  wasRefused(slot: number): boolean {
    return Atomics.load(this.refused, slot) !== 0;
  }

  /** It is told to wait until then. */
  rest(slot: number, until: number): void {
    if ((this.until[slot] ?? 0) < until) this.until[slot] = until;
  }

  /**
   * A call with the key is about to be made: what its end must bring back. `CLAIM.well` in the usual case, `CLAIM.rests` for a
   * key that was refused and is not to be tried yet, else the call is the one that tries it.
   */
  claim(slot: number, now: number): number {
    return tryKey(this.refused, slot, now);
  }

  /** The provider refused its credential or account. */
  refuse(slot: number, claim: number, now: number): void {
    noteRefused(this.refused, slot, claim, now);
  }

  /** A call with the key was answered, or the request found wrong: its credential is good. */
  accept(slot: number, claim: number): void {
    if (claim !== CLAIM.well) Atomics.store(this.refused, slot, 0);
  }

  /** The call that tried a refused key ended without an answer that says anything of it: the next one may try. */
  release(slot: number, claim: number, now: number): void {
    if (claim > CLAIM.well) giveUpProbe(this.refused, slot, claim, now);
  }

  /** Whether headers of quotas are worth reading for this key now; a yes makes others wait. */
  wantsQuota(slot: number, now: number): boolean {
    const time = sharedTime(now);
    const last = Atomics.load(this.quotaReadAt, slot);
    if (isAhead(last + QUOTA_PAUSE_MS, time, QUOTA_PAUSE_MS)) return false;
    return Atomics.compareExchange(this.quotaReadAt, slot, last, time) === last;
  }

  /** Null: it does not rest. */
  restOf(slot: number, now: number): KeyRest | null {
    if (isRefused(this.refused, slot, now)) {
      return { reason: "refused", until: untilOf(this.refused, slot, now) };
    }
    const until = this.until[slot] ?? 0;
    return until > now ? { reason: "limited", until } : null;
  }
}
