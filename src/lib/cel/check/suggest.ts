/** The known name nearest to a wrong one, when it is near enough to be meant. */
export function nearest(wrong: string, names: Iterable<string>): string | undefined {
  const allowed = Math.max(1, Math.floor(wrong.length / 3));
  let best: string | undefined;
  let bestDistance = allowed + 1;
  for (const name of names) {
    if (Math.abs(name.length - wrong.length) > allowed || name.length > 64) continue;
    const distance =
      name.toLowerCase() === wrong.toLowerCase() ? 0 : distanceOf(wrong.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** "did you mean …", or the fallback. */
export function didYouMean(wrong: string, names: Iterable<string>, otherwise = ""): string {
  const found = nearest(wrong, names);
  return found === undefined ? otherwise : `did you mean ${found}?`;
}

/** How many letters must be added, left out, changed or swapped with their neighbour. */
function distanceOf(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return last[other.length] ?? 0;
}
