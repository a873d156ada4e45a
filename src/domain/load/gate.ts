import {
  GATE_WORDS,
  KEY_PLACES,
  LINES,
  MASK_WORDS,
  NODE,
  NODE_STATE,
  nodeAt,
  SEAT_WORDS,
  SEATS_AT,
  WORD,
} from "./layout.ts";
import { firstOf, giveNode, join, lastOf, nextOf, takeNode, unlink } from "./line.ts";
import { lock, unlock } from "./mutex.ts";

/** What a gate lets through. Null: no limit. */
export interface GateLimits {
  limit: number | null;
  /** Most requests that wait. */
  queue: number;
  /** Limits of keys by their places from 1 on. */
  keys: readonly { place: number; limit: number }[];
}

/** What a gate counted since the process started. */
export interface GateCounts {
  inFlight: number;
  waiting: number;
  queued: number;
  full: number;
  late: number;
  displaced: number;
  waitedMs: number;
}

/** How waiting ended, or that it goes on. */
export type WaitState = { type: "waiting" } | { type: "displaced" } | { type: "granted"; key: number };

/** No place. */
export const NONE = -1;

/**
 * The calls under way at one provider and each of its keys, and the requests that wait for room, in shared memory: one truth
 * over all threads, under one lock that is held for about a microsecond. Room that becomes free is given on by whoever frees
 * it, so that nobody who comes later is before those who wait for it.
 */
export class Gate {
  private readonly words: Int32Array;
  private readonly waitedMs: Float64Array;
  private readonly ring: (seat: number) => void;
  /** Seats to tell once the lock is free. */
  private readonly told: number[] = [];

  /** `ring` tells a seat that something changed for one of its requests that wait. */
  constructor(memory: SharedArrayBuffer, ring: (seat: number) => void) {
    this.words = new Int32Array(memory);
    this.waitedMs = new Float64Array(memory, WORD.waitedMs * 4, 1);
    this.ring = ring;
  }

  /** Shared memory for one gate, about 0.7 MiB, touched only where used. */
  static createMemory(): SharedArrayBuffer {
    return new SharedArrayBuffer(GATE_WORDS * 4);
  }

  /** Sets what it lets through from now on; calls under way stay, those that wait may go if there is room for them now. */
  setLimits({ limit, queue, keys }: GateLimits): void {
    this.locked(() => {
      const { words } = this;
      words[WORD.limit] = limit ?? 0;
      words[WORD.queue] = queue;
      for (let place = 1; place < KEY_PLACES; place += 1) words[WORD.keys + place * 2] = 0;
      for (const each of keys) words[WORD.keys + each.place * 2] = each.limit;
      this.grant(Infinity);
    });
  }

  /** Takes room at the first of these keys that has some. Returns the key's index in `keys`, or `NONE`. */
  take(seat: number, keys: readonly number[]): number {
    lock(this.words, WORD.lock);
    const found = this.hasRoom() ? keys.findIndex((key) => this.keyHasRoom(key)) : NONE;
    if (found !== NONE) this.count(seat, keys[found] ?? 0, 1);
    unlock(this.words, WORD.lock);
    return found;
  }

  /**
   * Changes the room that a call has with the key at `from` for room with the first of these keys that has some, so that nobody
   * who waits comes in between. Returns the key's index in `keys`, or `NONE`: then the call keeps what it has.
   */
  move(seat: number, from: number, keys: readonly number[]): number {
    return this.locked(() => {
      const found = keys.findIndex((key) => key === from || this.keyHasRoom(key));
      if (found === NONE) return NONE;
      this.count(seat, from, -1);
      this.count(seat, keys[found] ?? 0, 1);
      this.grant(1);
      return found;
    });
  }

  /** Whether one of these keys has room. By the time that it is taken it may be gone. */
  hasRoomFor(keys: readonly number[]): boolean {
    return this.hasRoom() && keys.some((key) => this.keyHasRoom(key));
  }

  /**
   * Joins the line of a priority (its place in `PRIORITIES`) for room at any of these keys. When the queue is full, the last of
   * those with the lowest priority has to go if that is lower. Returns a ticket, `NONE` when it is full.
   */
  join(seat: number, keys: readonly number[], line: number): number {
    return this.locked(() => {
      const { words } = this;
      if ((words[WORD.waiting] ?? 0) >= (words[WORD.queue] ?? 0) && !this.displace(line)) return this.refuse();
      const node = takeNode(words);
      if (node === 0) return this.refuse();
      const at = nodeAt(node);
      words[at + NODE.seat] = seat;
      words[at + NODE.line] = line;
      words.fill(0, at + NODE.mask, at + NODE.mask + MASK_WORDS);
      for (const key of keys)
        words[at + NODE.mask + (key >> 5)] = (words[at + NODE.mask + (key >> 5)] ?? 0) | (1 << (key & 31));
      join(words, node);
      words[WORD.queued] = (words[WORD.queued] ?? 0) + 1;
      // Room may have become free since it was looked for.
      this.serve(node);
      return node;
    });
  }

  look(ticket: number): WaitState {
    const state = Atomics.load(this.words, nodeAt(ticket) + NODE.state);
    if (state === NODE_STATE.granted) return { type: "granted", key: this.words[nodeAt(ticket) + NODE.key] ?? 0 };
    return state === NODE_STATE.displaced ? { type: "displaced" } : { type: "waiting" };
  }

  /**
   * Ends the waiting of a ticket, which is no good any more; room that it was given stays taken. `waitedMs`: how long it was;
   * `isLate`: it waited for as long as it may.
   */
  leave(ticket: number, waitedMs: number, isLate: boolean): WaitState {
    return this.locked(() => {
      const { words } = this;
      const state = this.look(ticket);
      if (state.type === "waiting") unlink(words, ticket);
      if (state.type === "waiting" && isLate) words[WORD.late] = (words[WORD.late] ?? 0) + 1;
      giveNode(words, ticket);
      this.waitedMs[0] = (this.waitedMs[0] ?? 0) + waitedMs;
      return state;
    });
  }

  /** A call has ended: its room is free for the next. */
  release(seat: number, key: number): void {
    this.locked(() => {
      this.count(seat, key, -1);
      this.grant(1);
    });
  }

  /** The thread of a seat is gone: what it had under way or waiting is no more. */
  reclaim(seat: number): void {
    this.locked(() => {
      const { words } = this;
      const own = SEATS_AT + seat * SEAT_WORDS;
      words[WORD.inFlight] = (words[WORD.inFlight] ?? 0) - (words[own] ?? 0);
      for (let place = 0; place < KEY_PLACES; place += 1) {
        const at = WORD.keys + place * 2 + 1;
        words[at] = (words[at] ?? 0) - (words[own + 1 + place] ?? 0);
      }
      words.fill(0, own, own + SEAT_WORDS);
      for (let node = words[WORD.usedNodes] ?? 0; node > 0; node -= 1) this.forget(node, seat);
      this.grant(Infinity);
    });
  }

  counts(): GateCounts {
    const load = (word: number): number => Atomics.load(this.words, word) >>> 0;
    return {
      inFlight: load(WORD.inFlight),
      waiting: load(WORD.waiting),
      queued: load(WORD.queued),
      full: load(WORD.full),
      late: load(WORD.late),
      displaced: load(WORD.displaced),
      waitedMs: this.waitedMs[0] ?? 0,
    };
  }

  /** Calls under way with the key at this place. */
  keyInFlight(place: number): number {
    return Atomics.load(this.words, WORD.keys + place * 2 + 1);
  }

  private locked<T>(work: () => T): T {
    lock(this.words, WORD.lock);
    const result = work();
    unlock(this.words, WORD.lock);
    for (let seat = this.told.pop(); seat !== undefined; seat = this.told.pop()) this.ring(seat);
    return result;
  }

  private hasRoom(): boolean {
    const limit = Atomics.load(this.words, WORD.limit);
    return limit === 0 || Atomics.load(this.words, WORD.inFlight) < limit;
  }

  private keyHasRoom(place: number): boolean {
    const at = WORD.keys + place * 2;
    const limit = Atomics.load(this.words, at);
    return limit === 0 || Atomics.load(this.words, at + 1) < limit;
  }

  private count(seat: number, key: number, change: 1 | -1): void {
    const { words } = this;
    const own = SEATS_AT + seat * SEAT_WORDS;
    for (const at of [WORD.inFlight, WORD.keys + key * 2 + 1, own, own + 1 + key])
      words[at] = (words[at] ?? 0) + change;
  }

  /**
   * Gives room to as many of those who wait, best priority first, within it first come first served. While the lock is free
   * nobody waits who could have room: so a place that becomes free is room for one at most.
   */
  private grant(most: number): void {
    const { words } = this;
    let left = most;
    for (let line = 0; line < LINES; line += 1) {
      for (let node = firstOf(words, line); node !== 0 && left > 0 && this.hasRoom();) {
        const next = nextOf(words, node);
        if (this.serve(node)) left -= 1;
        node = next;
      }
    }
  }

  /** Gives room to one who waits; false: there is none for it. */
  private serve(node: number): boolean {
    const key = this.hasRoom() ? this.keyFor(node) : NONE;
    if (key !== NONE) this.admit(node, key);
    return key !== NONE;
  }

  /** A key with room that may serve the node. */
  private keyFor(node: number): number {
    const mask = nodeAt(node) + NODE.mask;
    for (let part = 0; part < MASK_WORDS; part += 1) {
      for (let bits = this.words[mask + part] ?? 0; bits !== 0; bits &= bits - 1) {
        const key = part * 32 + 31 - Math.clz32(bits & -bits);
        if (this.keyHasRoom(key)) return key;
      }
    }
    return NONE;
  }

  private admit(node: number, key: number): void {
    const at = nodeAt(node);
    const seat = this.words[at + NODE.seat] ?? 0;
    unlink(this.words, node);
    this.count(seat, key, 1);
    this.words[at + NODE.key] = key;
    this.tell(node, NODE_STATE.granted);
  }

  /** Makes room in the queue for somebody of this line. */
  private displace(line: number): boolean {
    for (let lowest = LINES - 1; lowest > line; lowest -= 1) {
      const node = lastOf(this.words, lowest);
      if (node === 0) continue;
      unlink(this.words, node);
      this.words[WORD.displaced] = (this.words[WORD.displaced] ?? 0) + 1;
      this.tell(node, NODE_STATE.displaced);
      return true;
    }
    return false;
  }

  private tell(node: number, state: number): void {
    const at = nodeAt(node);
    Atomics.store(this.words, at + NODE.state, state);
    this.told.push(this.words[at + NODE.seat] ?? 0);
  }

  private refuse(): number {
    this.words[WORD.full] = (this.words[WORD.full] ?? 0) + 1;
    return NONE;
  }

  private forget(node: number, seat: number): void {
    const { words } = this;
    const at = nodeAt(node);
    const state = words[at + NODE.state];
    if (state === NODE_STATE.free || words[at + NODE.seat] !== seat) return;
    if (state === NODE_STATE.waiting) unlink(words, node);
    giveNode(words, node);
  }
}
