/** The candidate that `text` is most likely a slip for; undefined when none is near. */
export function suggest(text: string, candidates: Iterable<string>): string | undefined {
  const wanted = simplify(text);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, simplify(candidate));
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** `did you mean …?`, or the known names when nothing is near. */
export function hint(text: string, candidates: readonly string[]): string {
  const near = suggest(text, candidates);
  if (near !== undefined) return `did you mean ${near}?`;
  return candidates.length === 0 ? "there is none yet" : `known: ${candidates.slice(0, 30).join(", ")}`;
}

const MAX_LENGTH = 64;

function simplify(text: string): string {
  return text.slice(0, MAX_LENGTH).toLowerCase().replaceAll(/[-_ ]/g, "");
}

/** Insertions, deletions, replacements and swaps of neighbours that make one text of the other. */
function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      let cost = Math.min((last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + same);
      const isSwap = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwap) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      next.push(cost);
    }
    before = last;
    last = next;
  }
  return last[other.length] ?? 0;
}
