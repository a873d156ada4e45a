import { NODE, NODE_STATE, nodeAt, NODES, WORD } from "./layout.ts";

/** The lines of a gate: doubly linked nodes in its shared memory. Whoever calls these has its lock, so plain reads do. */

/** A node for somebody who waits; 0: none is left. */
export function takeNode(words: Int32Array): number {
  const free = words[WORD.freeNode] ?? 0;
  if (free !== 0) {
    words[WORD.freeNode] = words[nodeAt(free) + NODE.next] ?? 0;
    return free;
  }
  const used = words[WORD.usedNodes] ?? 0;
  if (used >= NODES) return 0;
  words[WORD.usedNodes] = used + 1;
  return used + 1;
}

/** Gives a node back that stands in no line any more. */
export function giveNode(words: Int32Array, node: number): void {
  const at = nodeAt(node);
  words[at + NODE.state] = NODE_STATE.free;
  words[at + NODE.next] = words[WORD.freeNode] ?? 0;
  words[WORD.freeNode] = node;
}

export function firstOf(words: Int32Array, line: number): number {
  return words[WORD.lines + line * 2] ?? 0;
}

export function lastOf(words: Int32Array, line: number): number {
  return words[WORD.lines + line * 2 + 1] ?? 0;
}

export function nextOf(words: Int32Array, node: number): number {
  return words[nodeAt(node) + NODE.next] ?? 0;
}

/** Puts a node at the end of its line. */
export function join(words: Int32Array, node: number): void {
  const at = nodeAt(node);
  const line = WORD.lines + (words[at + NODE.line] ?? 0) * 2;
  const last = words[line + 1] ?? 0;
  words[at + NODE.next] = 0;
  words[at + NODE.previous] = last;
  words[at + NODE.state] = NODE_STATE.waiting;
  if (last === 0) words[line] = node;
  else words[nodeAt(last) + NODE.next] = node;
  words[line + 1] = node;
  words[WORD.waiting] = (words[WORD.waiting] ?? 0) + 1;
}

/** Takes a node that waits out of its line. */
export function unlink(words: Int32Array, node: number): void {
  const at = nodeAt(node);
  const line = WORD.lines + (words[at + NODE.line] ?? 0) * 2;
  const next = words[at + NODE.next] ?? 0;
  const previous = words[at + NODE.previous] ?? 0;
  if (previous === 0) words[line] = next;
  else words[nodeAt(previous) + NODE.next] = next;
  if (next === 0) words[line + 1] = previous;
  else words[nodeAt(next) + NODE.previous] = previous;
  words[WORD.waiting] = (words[WORD.waiting] ?? 0) - 1;
}
