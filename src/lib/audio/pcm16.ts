/** Samples of 16 bits, little-endian, as bytes that may be cut anywhere: a half sample waits for its other half. */
export class Pcm16Reader {
  private odd = -1;

  push(bytes: Uint8Array): Int16Array {
    const lead = this.odd < 0 ? 0 : 1;
    const total = lead + bytes.length;
    const samples = new Int16Array(total >> 1);
    const byteAt = (at: number): number => (at < lead ? this.odd : (bytes[at - lead] ?? 0));
    for (let at = 0; at < samples.length; at += 1) samples[at] = byteAt(at * 2) | (byteAt(at * 2 + 1) << 8);
    this.odd = total % 2 === 1 ? byteAt(total - 1) : -1;
    return samples;
  }
}

/** The bytes of samples, little-endian. */
export function pcm16Bytes(samples: Int16Array): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length * 2);
  for (let at = 0; at < samples.length; at += 1) bytes.writeInt16LE(samples[at] ?? 0, at * 2);
  return bytes;
}
