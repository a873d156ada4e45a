import type { MatchRow } from "./data.ts";

/** Tells whether an id, in lower case, is meant. */
export type Matcher = (id: string) => boolean;

const LEAVES: Record<string, (text: string) => Matcher> = {
  "=": (text) => withLower(text, (lower, id) => id === lower),
  "^": (text) => withLower(text, (lower, id) => id.startsWith(lower)),
  $: (text) => withLower(text, (lower, id) => id.endsWith(lower)),
  "~": (text) => withLower(text, (lower, id) => id.includes(lower)),
  "/": (text) => {
    const pattern = new RegExp(text);
    return (id) => pattern.test(id);
  },
};

function withLower(text: string, matches: (lower: string, id: string) => boolean): Matcher {
  const lower = text.toLowerCase();
  return (id) => matches(lower, id);
}

/** Compiles one text of a match row. */
export function compileLeaf(row: string): Matcher {
  const make = LEAVES[row[0] ?? ""];
  if (make === undefined) throw new Error(`match in a form not known: ${row}`);
  return make(row.slice(1));
}

/** Compiles a match row: any of its entries. */
export function compileMatch(row: MatchRow): Matcher {
  const any = row.map((entry) => (typeof entry === "string" ? compileLeaf(entry) : compileAll(entry.all)));
  return (id) => any.some((matches) => matches(id));
}

function compileAll(rows: readonly string[]): Matcher {
  const all = rows.map(compileLeaf);
  return (id) => all.every((matches) => matches(id));
}
