import { expect, spyOn, test } from "bun:test";
import { PRIORITIES } from "../../canonical/priority.ts";
import { seededDraw } from "../../lib/seeded-draw.ts";
import { Gate, NONE, type GateLimits } from "./gate.ts";

const SEAT = 0;

function gateOf(limits: Partial<GateLimits>): Gate {
  const gate = new Gate(Gate.createMemory(), () => {});
  gate.setLimits({ limit: null, queue: 10_000, keys: [], ...limits });
  return gate;
}

/** How often shared memory is read while something is done. */
function loadsOf(work: () => void): number {
  const load = spyOn(Atomics, "load");
  work();
  const { length } = load.mock.calls;
  load.mockRestore();
  return length;
}

/** The only place of a key is taken, and so many wait for it. */
function crowded(waiting: number): Gate {
  const keys = [1, 2].map((place) => ({ place, limit: 1 }));
  const gate = gateOf({ keys });
  for (const { place } of keys) gate.take(SEAT, [place]);
  for (let at = 0; at < waiting; at += 1) gate.join(SEAT, [1], 1);
  return gate;
}

test.each([
  ["joins", (gate: Gate) => void gate.join(SEAT, [2], 0)],
  ["leaves its room", (gate: Gate) => gate.release(SEAT, 1)],
  ["changes its room", (gate: Gate) => void gate.move(SEAT, 1, [3])],
])("who %s looks no further than at whom it serves, however many wait", (_, work) => {
  const [few, many] = [crowded(10), crowded(2000)];
  expect(loadsOf(() => work(many))).toBe(loadsOf(() => work(few)));
});

const PLACES = [0, 1, 2, 3];

/** Does things at random, and tells of those who wait after each. */
class Play {
  readonly gate: Gate;
  private readonly draw: () => number;
  private readonly held: number[] = [];
  private readonly waiting = new Map<number, number[]>();

  constructor(seed: number) {
    this.draw = seededDraw(seed);
    this.gate = gateOf(this.limits());
  }

  /** Keys of those who wait. */
  step(): number[][] {
    const works = [() => this.enter(), () => this.enter(), () => this.release(), () => this.move(), () => this.leave()];
    if (this.draw() < 0.02) this.gate.setLimits(this.limits());
    else this.one(works)?.();
    for (const ticket of this.waiting.keys()) if (this.gate.look(ticket).type !== "waiting") this.end(ticket);
    return [...this.waiting.values()];
  }

  private limits(): GateLimits {
    const limit = this.draw() < 0.3 ? null : 1 + this.below(6);
    return { limit, queue: 8, keys: [1, 2, 3].map((place) => ({ place, limit: 1 + this.below(3) })) };
  }

  private enter(): void {
    const keys = PLACES.filter(() => this.draw() < 0.4);
    // Half of them find what became free between their look and their joining.
    const found = this.draw() < 0.5 ? this.gate.take(SEAT, keys) : NONE;
    if (found !== NONE) return void this.held.push(keys[found] ?? 0);
    const ticket = this.gate.join(SEAT, keys, this.below(PRIORITIES.length));
    if (ticket !== NONE) this.waiting.set(ticket, keys);
  }

  private release(): void {
    const [key] = this.held.splice(this.below(this.held.length), 1);
    if (key !== undefined) this.gate.release(SEAT, key);
  }

  private move(): void {
    const at = this.below(this.held.length);
    const from = this.held[at];
    if (from === undefined) return;
    const keys = PLACES.filter(() => this.draw() < 0.5);
    const found = this.gate.move(SEAT, from, keys);
    if (found !== NONE) this.held[at] = keys[found] ?? 0;
  }

  private leave(): void {
    const ticket = this.one([...this.waiting.keys()]);
    if (ticket !== undefined) this.end(ticket);
  }

  private end(ticket: number): void {
    this.waiting.delete(ticket);
    const state = this.gate.leave(ticket, 0, false);
    if (state.type === "granted") this.held.push(state.key);
  }

  private one<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }

  private below(count: number): number {
    return Math.floor(this.draw() * count);
  }
}

test("nobody waits who could have room, whatever came before", () => {
  let waited = 0;
  for (let seed = 1; seed <= 20; seed += 1) {
    const play = new Play(seed);
    for (let at = 0; at < 2000; at += 1) {
      const waiting = play.step();
      waited += waiting.length;
      expect(waiting.filter((keys) => play.gate.hasRoomFor(keys))).toEqual([]);
    }
  }
  expect(waited).toBeGreaterThan(10_000);
});
