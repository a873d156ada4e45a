/** Vectors of examples, as far as they are known by now; of one thread. */
export class VectorShelf {
  private readonly vectors = new Map<string, Float32Array>();
  /** Grows whenever vectors come. */
  version = 0;

  /** Takes all that are known now in place of what was. */
  put(entries: readonly (readonly [key: string, vector: Float32Array])[]): void {
    this.vectors.clear();
    for (const [key, vector] of entries) this.vectors.set(key, vector);
    this.version += 1;
  }

  get(key: string): Float32Array | undefined {
    return this.vectors.get(key);
  }
}
