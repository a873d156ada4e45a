/** A compiled glob: `*` stands for any run of characters; everything else is literal and case-sensitive. */
export interface Glob {
  test(text: string): boolean;
}

const ANYTHING: Glob = { test: () => true };

/** Compiles a pattern. Linear in the text whatever the pattern. */
export function compileGlob(pattern: string): Glob {
  if (pattern === "*") return ANYTHING;
  const pieces = pattern.split("*");
  if (pieces.length === 1) return { test: (text) => text === pattern };
  return { test: (text) => matchPieces(pieces, text) };
}

/** True when one of the patterns matches; an empty list matches nothing. */
export function compileGlobs(patterns: readonly string[]): Glob {
  if (patterns.includes("*")) return ANYTHING;
  const globs = patterns.map(compileGlob);
  return { test: (text) => globs.some((glob) => glob.test(text)) };
}

function matchPieces(pieces: readonly string[], text: string): boolean {
  const first = pieces[0] ?? "";
  const last = pieces.at(-1) ?? "";
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (let index = 1; index < pieces.length - 1; index += 1) {
    const piece = pieces[index] ?? "";
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
