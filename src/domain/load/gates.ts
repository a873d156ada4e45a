import type { Bells } from "./bells.ts";
import { Gate, NONE } from "./gate.ts";

/** How waiting for room ended: with it, or why not. */
export type WaitEnd =
  | { type: "granted"; key: number }
  /** Too many waited; it waited for as long as it may; somebody with a higher priority took its place; its owner went away. */
  | { type: "full" | "late" | "displaced" | "left" };

/** A request that waits for room. */
export interface Waiting {
  /** Never rejects. Room that was granted is the owner's to release. */
  ended: Promise<WaitEnd>;
  /** Stops waiting at once. Room that was granted but not told yet is given back. */
  leave(): void;
}

export interface WaitOptions {
  slot: number;
  /** Places of the keys that may serve it. */
  keys: readonly number[];
  /** Place of its priority in `PRIORITIES`. */
  line: number;
  /** Longest wait, milliseconds. */
  patienceMs: number;
}

/** The gates of a process as one data thread sees them. */
export class Gates {
  private readonly gates: Gate[] = [];
  private readonly bells: Bells;
  private readonly seat: number;
  private readonly waiting = new Set<Ticket>();
  private isListening = false;

  /** `seat`: this thread's, of no other while it lives. */
  constructor(bells: Bells, seat: number) {
    this.bells = bells;
    this.seat = seat;
  }

  /** Takes over gates that were added since; those already known stay. */
  extend(segments: readonly SharedArrayBuffer[]): void {
    for (let at = this.gates.length; at < segments.length; at += 1) {
      const memory = segments[at];
      if (memory !== undefined) this.gates.push(new Gate(memory, (seat) => this.bells.ring(seat)));
    }
  }

  at(slot: number): Gate {
    const gate = this.gates[slot];
    if (gate === undefined) throw new Error(`gate ${slot} has no memory`);
    return gate;
  }

  /** Takes room at the first of these keys that has some. Returns the key's index in `keys`, or `NONE`. */
  take(slot: number, keys: readonly number[]): number {
    return this.at(slot).take(this.seat, keys);
  }

  /** Changes room with one key for room with the first of these that has some. Returns its index in `keys`, or `NONE`. */
  move(slot: number, from: number, keys: readonly number[]): number {
    return this.at(slot).move(this.seat, from, keys);
  }

  release(slot: number, key: number): void {
    this.at(slot).release(this.seat, key);
  }

  /** Waits for room at any of the keys. */
  wait({ slot, keys, line, patienceMs }: WaitOptions): Waiting {
    const gate = this.at(slot);
    const number = gate.join(this.seat, keys, line);
    if (number === NONE) return { ended: Promise.resolve({ type: "full" }), leave: () => {} };
    const ticket = new Ticket(gate, number, patienceMs, {
      over: () => this.waiting.delete(ticket),
      giveBack: (key) => gate.release(this.seat, key),
    });
    this.waiting.add(ticket);
    if (!this.isListening) {
      this.isListening = true;
      void this.listen();
    }
    return ticket;
  }

  /** Looks at those that wait whenever somebody rings, for as long as there are any. */
  private async listen(): Promise<void> {
    while (this.waiting.size > 0) {
      const rung = this.bells.rung(this.seat);
      for (const ticket of this.waiting) ticket.look();
      if (this.waiting.size > 0) await this.bells.heard(this.seat, rung);
    }
    this.isListening = false;
  }
}

interface TicketOwner {
  over(): void;
  giveBack(key: number): void;
}

class Ticket implements Waiting {
  readonly ended: Promise<WaitEnd>;
  private readonly gate: Gate;
  private readonly number: number;
  private readonly owner: TicketOwner;
  private readonly begun = performance.now();
  private readonly timer: Timer;
  private isOver = false;
  private resolve: (end: WaitEnd) => void = () => {};

  constructor(gate: Gate, number: number, patienceMs: number, owner: TicketOwner) {
    this.gate = gate;
    this.number = number;
    this.owner = owner;
    this.ended = new Promise((resolve) => {
      this.resolve = resolve;
    });
    this.timer = setTimeout(() => this.end("late"), patienceMs);
  }

  look(): void {
    if (this.gate.look(this.number).type !== "waiting") this.end("late");
  }

  leave(): void {
    this.end("left");
  }

  /** `reason`: why, where neither room nor somebody else has ended it. */
  private end(reason: "late" | "left"): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    const state = this.gate.leave(this.number, performance.now() - this.begun, reason === "late");
    this.owner.over();
    if (state.type === "waiting") this.resolve({ type: reason });
    else if (state.type === "displaced") this.resolve({ type: "displaced" });
    else if (reason === "late") this.resolve(state);
    else {
      this.owner.giveBack(state.key);
      this.resolve({ type: "left" });
    }
  }
}
