/** Vectors of texts that were asked about lately, or are being asked for now: what was used longest ago goes first. Of one thread. */
export class KeptTexts {
  private readonly vectors = new Map<string, Promise<Float32Array>>();

  take(text: string): Promise<Float32Array> | undefined {
    const key = keyOf(text);
    const found = this.vectors.get(key);
    if (found === undefined) return undefined;
    this.vectors.delete(key);
    this.vectors.set(key, found);
    return found;
  }

  /** Keeps a vector that is on its way; one that does not come is forgotten. */
  put(text: string, vector: Promise<Float32Array>, most: number): void {
    const key = keyOf(text);
    this.vectors.set(key, vector);
    vector.catch(() => {
      if (this.vectors.get(key) === vector) this.vectors.delete(key);
    });
    for (const oldest of this.vectors.keys()) {
      if (this.vectors.size <= most) return;
      this.vectors.delete(oldest);
    }
  }
}

/** A hash stands for a text: neither it nor its caller is kept. */
function keyOf(text: string): string {
  return new Bun.CryptoHasher("blake2b256").update(text).digest("base64");
}
