/** A map that looks up single entries at their source, and copies them all only when it is asked for more than that. */
export abstract class LazyMap<V> extends Map<string, V> {
  private isFilled = false;

  /** The entry at the source; undefined: none. */
  abstract override get(name: string): V | undefined;
  /** Whether the source has the entry. */
  abstract override has(name: string): boolean;
  /** All entries of the source. */
  protected abstract entriesOf(): Iterable<[string, V]>;

  override get size(): number {
    this.fill();
    return super.size;
  }

  override keys(): MapIterator<string> {
    this.fill();
    return super.keys();
  }

  override [Symbol.iterator](): MapIterator<[string, V]> {
    this.fill();
    return super[Symbol.iterator]();
  }

  private fill(): void {
    if (this.isFilled) return;
    this.isFilled = true;
    for (const [name, value] of this.entriesOf()) this.set(name, value);
  }
}
