/** Bounds on what is sent again. */
export interface RetryBounds {
  /** Of the requests of the window, 0 to 1 or more. */
  share: number;
  /** Retries a second that are allowed beside it. */
  minPerSecond: number;
  windowMs: number;
}

/** The window moves in fifths. Each is one word: tag (8 bits), retries and requests (12 bits each). */
const BUCKETS = 5;
const REFUSED = 5;
const SLOT_WORDS = 6;
const MOST = 4095;

/**
 * Keeps retries from multiplying the load of a target that is failing: of what reaches it, only a share may be sent again.
 * One count over all threads in shared memory, a few words a target, changed without locks. `now` is Unix milliseconds.
 */
export class RetryBudget {
  private readonly words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
  }

  /** Shared memory for this many targets. */
  static createMemory(slots: number): SharedArrayBuffer {
    return new SharedArrayBuffer(slots * SLOT_WORDS * 4);
  }

  /** A request comes to the target. */
  noteRequest(slot: number, { windowMs }: RetryBounds, now: number): void {
    this.add(slot, epochOf(now, windowMs), 1, 0);
  }

  /** Whether something may be sent again at the target's expense; a yes counts it, a no counts as refused. */
  take(slot: number, bounds: RetryBounds, now: number): boolean {
    const epoch = epochOf(now, bounds.windowMs);
    this.add(slot, epoch, 0, 1);
    if (this.isWithin(slot, epoch, bounds)) return true;
    this.add(slot, epoch, 0, -1);
    Atomics.add(this.words, slot * SLOT_WORDS + REFUSED, 1);
    return false;
  }

  /** How often it refused since the process started. */
  refused(slot: number): number {
    return Atomics.load(this.words, slot * SLOT_WORDS + REFUSED) >>> 0;
  }

  private isWithin(slot: number, newest: number, { share, minPerSecond, windowMs }: RetryBounds): boolean {
    let requests = 0;
    let retries = 0;
    for (let epoch = newest; epoch > newest - BUCKETS; epoch -= 1) {
      const word = Atomics.load(this.words, placeOf(slot, epoch));
      if (word >>> 24 !== tagOf(epoch)) continue;
      requests += word & MOST;
      retries += (word >>> 12) & MOST;
    }
    return retries <= Math.floor(share * requests + (minPerSecond * windowMs) / 1000);
  }

  private add(slot: number, epoch: number, requests: number, retries: number): void {
    const at = placeOf(slot, epoch);
    const tag = tagOf(epoch);
    for (;;) {
      const old = Atomics.load(this.words, at);
      const next = counted(old >>> 24 === tag ? old : tag << 24, requests, retries);
      if (Atomics.compareExchange(this.words, at, old, next) === old) return;
    }
  }
}

/** A full bucket is halved: its ratio stays. */
function counted(word: number, moreRequests: number, moreRetries: number): number {
  let requests = (word & MOST) + moreRequests;
  let retries = Math.max(0, ((word >>> 12) & MOST) + moreRetries);
  if (requests > MOST || retries > MOST) {
    requests >>= 1;
    retries >>= 1;
  }
  return (word & (0xff << 24)) | (retries << 12) | requests;
}

function epochOf(now: number, windowMs: number): number {
  return Math.floor((now * BUCKETS) / windowMs);
}

function placeOf(slot: number, epoch: number): number {
  return slot * SLOT_WORDS + (epoch % BUCKETS);
}

/** Never 0, which marks a bucket that was never used. */
function tagOf(epoch: number): number {
  return (Math.floor(epoch / BUCKETS) % 255) + 1;
}
