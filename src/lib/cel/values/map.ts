import { type CelUint } from "./integer.ts";
import type { CelValue } from "./value.ts";

/** A key as maps look it up: `1`, `1u` and `1.0` are one key, a number, or a bigint beyond the safe range. */
export type MapKey = string | boolean | number | bigint;

export type CelMapKey = string | boolean | bigint | CelUint;

/** A map that an expression made. Keys keep the type they were written with and are found by any equal number. */
export class CelMap {
  private readonly table: Map<MapKey, { readonly key: CelMapKey; readonly value: CelValue }> = new Map();

  get size(): number {
    return this.table.size;
  }

  get(key: MapKey): CelValue | undefined {
    return this.table.get(key)?.value;
  }

  has(key: MapKey): boolean {
    return this.table.has(key);
  }

  /** False when the map has the key already. */
  add(lookup: MapKey, key: CelMapKey, value: CelValue): boolean {
    if (this.table.has(lookup)) return false;
    this.table.set(lookup, { key, value });
    return true;
  }

  *keys(): IterableIterator<CelMapKey> {
    for (const { key } of this.table.values()) yield key;
  }

  *[Symbol.iterator](): IterableIterator<[CelMapKey, CelValue]> {
    for (const { key, value } of this.table.values()) yield [key, value];
  }
}
