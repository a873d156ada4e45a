interface Entry<T> {
  value: T;
  isTaken: boolean;
}

/** Entries in order; those before `at` are taken. */
interface Line<T> {
  entries: Entry<T>[];
  at: number;
}

/** Values in the order in which they came, each given out once: the first of all, or the first under one of its keys. */
export class KeyedQueue<T> {
  private readonly all: Line<T> = { entries: [], at: 0 };
  private readonly lines = new Map<string, Line<T>>();

  add(value: T, keys: readonly string[]): void {
    const entry = { value, isTaken: false };
    this.all.entries.push(entry);
    for (const key of keys) {
      const line = this.lines.get(key);
      if (line === undefined) this.lines.set(key, { entries: [entry], at: 0 });
      else line.entries.push(entry);
    }
  }

  /** Undefined when none is left. */
  take(): T | undefined {
    return next(this.all);
  }

  /** Undefined when none is left under this key. */
  takeBy(key: string): T | undefined {
    const line = this.lines.get(key);
    return line === undefined ? undefined : next(line);
  }
}

function next<T>(line: Line<T>): T | undefined {
  for (let entry = line.entries[line.at]; entry !== undefined; entry = line.entries[line.at]) {
    line.at += 1;
    if (entry.isTaken) continue;
    entry.isTaken = true;
    return entry.value;
  }
  return undefined;
}
