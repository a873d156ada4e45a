import { MOST_LIMITED_KEYS } from "../../canonical/load-bounds.ts";
import { PRIORITIES } from "../../canonical/priority.ts";

/** A process has at most so many data threads at a time, each with a seat. */
export const SEATS = 256;
/** A place for each key with a limit of its own; place 0 stands for all that have none. A whole number of words of a mask. */
export const KEY_PLACES = MOST_LIMITED_KEYS + 1;

/** Where the figures of one gate stand in its shared memory, in 32-bit words. */
export const WORD = {
  lock: 0,
  /** Most calls under way; 0: no limit. */
  limit: 1,
  inFlight: 2,
  /** Most that may wait. */
  queue: 3,
  waiting: 4,
  /** First of the nodes that were used and are free; 0: none. */
  freeNode: 5,
  /** How many nodes were ever used. */
  usedNodes: 6,
  /** A line for each priority: its first node, its last, 0: none. */
  lines: 8,
  /** How often a request waited, and why others were turned away. */
  queued: 16,
  full: 17,
  late: 18,
  displaced: 19,
  /** A 64-bit float: milliseconds waited in all. */
  waitedMs: 20,
  /** Of each key: most calls under way (0: no limit), and how many there are. */
  keys: 32,
} as const;

/** Of each seat: its calls under way, then those of each key; so that those of a thread that crashed can be taken back. */
export const SEATS_AT = WORD.keys + KEY_PLACES * 2;
export const SEAT_WORDS = 1 + KEY_PLACES;

/** A request that waits. */
export const NODE = {
  next: 0,
  previous: 1,
  state: 2,
  seat: 3,
  /** Place of its priority in `PRIORITIES`. */
  line: 4,
  /** The key that it was given. */
  key: 5,
  /** Keys that may serve it, a bit a place. */
  mask: 6,
} as const;

export const MASK_WORDS = KEY_PLACES / 32;
const NODE_WORDS = NODE.mask + MASK_WORDS;
export const NODE_STATE = { free: 0, waiting: 1, granted: 2, displaced: 3 } as const;

/** More than may wait: those that were let in or sent away and do not know it yet have a node as well. */
export const NODES = 16_384;
const NODES_AT = SEATS_AT + SEATS * SEAT_WORDS;
export const GATE_WORDS = NODES_AT + NODES * NODE_WORDS;

export const LINES = PRIORITIES.length;

/** Word of a node; they are numbered from 1. */
export function nodeAt(node: number): number {
  return NODES_AT + (node - 1) * NODE_WORDS;
}
