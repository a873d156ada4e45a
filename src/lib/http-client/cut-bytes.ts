/** Up to this size a copy costs less than a view, for which the runtime has to make the buffer's own object. */
const COPY_BYTES = 8 * 1024;

/** The bytes from `start` to `end`, as a copy or a view, of bytes that nobody else uses any more. */
export function cutBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (start === 0 && end === bytes.length) return bytes;
  if (end - start <= COPY_BYTES) return bytes.slice(start, end);
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
}
