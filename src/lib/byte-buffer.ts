/** A larger memory than this is let go when the buffer is emptied. */
const KEPT_BYTES = 64 * 1024;
const EMPTY = new Uint8Array(0);

/** Bytes gathered piece by piece, at linear cost however small the pieces are. */
export class ByteBuffer {
  length = 0;
  private memory = EMPTY;

  /** Copies the bytes to the end. */
  append(bytes: Uint8Array): void {
    const needed = this.length + bytes.length;
    if (needed > this.memory.length) {
      const grown = new Uint8Array(needed * 2);
      grown.set(this.view());
      this.memory = grown;
    }
    this.memory.set(bytes, this.length);
    this.length = needed;
  }

  /** The bytes gathered, valid until the next call of `append`. */
  view(): Uint8Array {
    return this.memory.subarray(0, this.length);
  }

  /** Empties the buffer; a view taken before stays valid until the next call of `append`. */
  clear(): void {
    this.length = 0;
    if (this.memory.length > KEPT_BYTES) this.memory = EMPTY;
  }
}
