import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeptResponse } from "./port.ts";

/** Answers that wait for the store, of one thread: past this many no more are kept. */
const MOST_WAITING = 1000;

/**
 * Takes answers to be kept, without waiting for the store: a file each, whole once it has its name, so that whoever asks
 * after the answer's end finds it, also after the process was killed.
 */
export class SpoolWriter {
  private readonly dir: string;
  private readonly prefix: string;
  private readonly waiting: string[] = [];
  private next = 0;

  /** `name`: of the thread, and unlike that of any earlier one. */
  constructor(dir: string, name: string) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.dir = dir;
    this.prefix = name;
  }

  /** False when too many wait. Throws when the folder cannot be written to. */
  put(response: KeptResponse): boolean {
    if (!this.hasRoom()) return false;
    const name = `${this.prefix}-${String(this.next).padStart(12, "0")}.json`;
    this.next += 1;
    const part = join(this.dir, `${name}.part`);
    writeFileSync(part, JSON.stringify(response), { mode: 0o600 });
    renameSync(part, join(this.dir, name));
    this.waiting.push(name);
    return true;
  }

  private hasRoom(): boolean {
    if (this.waiting.length < MOST_WAITING) return true;
    while (this.waiting[0] !== undefined && !existsSync(join(this.dir, this.waiting[0]))) this.waiting.shift();
    return this.waiting.length < MOST_WAITING;
  }
}

/** Hands waiting answers to `keep`, oldest first, at most `limit`; a throw leaves that one and those after it. Returns how many. */
export function drainSpool(dir: string, limit: number, keep: (response: KeptResponse) => void): number {
  const names = namesIn(dir).slice(0, limit);
  for (const name of names) {
    const path = join(dir, name);
    const response = parsed(readFileSync(path, "utf8"));
    if (response !== null) keep(response);
    unlinkSync(path);
  }
  return names.length;
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith(".json"))
      .toSorted();
  } catch {
    return [];
  }
}

/** Null for what is no answer: it is dropped, or it would hold up all others. */
function parsed(text: string): KeptResponse | null {
  try {
    const value = JSON.parse(text) as KeptResponse;
    return typeof value.id === "string" && typeof value.input === "string" ? value : null;
  } catch {
    return null;
  }
}
