/** One line of the result. */
export interface Measure {
  name: string;
  gateway: number;
  nginx: number | null;
  /** To nginx. */
  ratio: number | null;
  /** The bare proxy's figure. */
  bare: number | null;
  /** To the bare proxy. */
  bareRatio: number | null;
  unit: string;
}

/** What was measured of each; null where there is nothing to compare with. */
export interface Figures {
  gateway: number;
  nginx?: number | null;
  bare?: number | null;
}

export function measure(name: string, unit: string, { gateway, nginx = null, bare = null }: Figures): Measure {
  return { name, gateway, nginx, ratio: ratioOf(gateway, nginx), bare, bareRatio: ratioOf(gateway, bare), unit };
}

/** Differences of latencies can be nothing, or less: there is no ratio to those. */
function ratioOf(mine: number, theirs: number | null): number | null {
  return theirs === null || theirs <= 0 ? null : mine / theirs;
}
