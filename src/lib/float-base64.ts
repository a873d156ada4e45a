/** Numbers as base64 of little-endian float32. */
export function base64Of(vector: readonly number[]): string {
  const bytes = Buffer.allocUnsafe(vector.length * Float32Array.BYTES_PER_ELEMENT);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * Float32Array.BYTES_PER_ELEMENT);
  return bytes.toString("base64");
}

/** The numbers of such a text; bytes at its end that make no number are left out. */
export function floatsOf(base64: string): number[] {
  const bytes = Buffer.from(base64, "base64");
  const count = Math.floor(bytes.length / Float32Array.BYTES_PER_ELEMENT);
  return Array.from({ length: count }, (_, at) => bytes.readFloatLE(at * Float32Array.BYTES_PER_ELEMENT));
}
