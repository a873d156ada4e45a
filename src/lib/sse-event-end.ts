const LF = 10;
const CR = 13;

/**
 * Offset after the last blank line of a chunk of an event stream, which is where its last whole event ends; 0 when the chunk
 * has none. Line ends at the chunk's start count as a blank line: the line before them ended in the chunk before.
 */
export function endOfLastEvent(chunk: Uint8Array): number {
  let at = chunk.length - 1;
  while (at >= 0 && !isBlankLine(chunk, at)) at -= 1;
  return at + 1;
}

/** Whether the byte at `at` ends a line without content. */
function isBlankLine(chunk: Uint8Array, at: number): boolean {
  if (!isLineEnd(chunk[at])) return false;
  const before = chunk[at] === LF && chunk[at - 1] === CR ? at - 2 : at - 1;
  return before < 0 || isLineEnd(chunk[before]);
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}
