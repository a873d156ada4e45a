import type { Connection } from "./connection.ts";

/** Idle connections by origin, the last one used first: those at the bottom get to expire. */
export class ConnectionPool {
  private readonly idle = new Map<string, Connection[]>();
  private readonly maxPerOrigin: number;
  private count = 0;

  constructor(maxPerOrigin: number) {
    this.maxPerOrigin = maxPerOrigin;
  }

  get size(): number {
    return this.count;
  }

  take(key: string): Connection | undefined {
    const connection = this.idle.get(key)?.pop();
    if (connection !== undefined) this.count--;
    return connection;
  }

  /** False when the origin has enough of them. */
  put(connection: Connection): boolean {
    let list = this.idle.get(connection.key);
    if (list === undefined) {
      list = [];
      this.idle.set(connection.key, list);
    }
    if (list.length >= this.maxPerOrigin) return false;
    list.push(connection);
    this.count++;
    return true;
  }

  /** Takes this one out, if it is there. */
  delete(connection: Connection): void {
    const list = this.idle.get(connection.key);
    const at = list?.lastIndexOf(connection) ?? -1;
    if (list === undefined || at === -1) return;
    list.splice(at, 1);
    this.count--;
    if (list.length === 0) this.idle.delete(connection.key);
  }

  all(): Connection[] {
    return [...this.idle.values()].flat();
  }
}
