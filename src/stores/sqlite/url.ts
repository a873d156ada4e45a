import { resolve } from "node:path";
import { StoreError } from "./store-error.ts";

const SCHEME = "sqlite:";

/**
 * The file of a store URL, absolute, or null for a store in memory. `sqlite:./data/x.db`, `sqlite:/var/x.db`,
 * `sqlite:///var/x.db` and `sqlite::memory:` are understood; relative paths start at the working directory.
 */
export function readSqliteUrl(url: string): string | null {
  if (!url.startsWith(SCHEME)) throw new StoreError("url", `store URL "${url}" does not start with "${SCHEME}"`);
  const path = url.slice(SCHEME.length).replace(/^\/\/(?=\/)/, "");
  if (path === ":memory:") return null;
  if (path === "" || path.endsWith("/") || path.startsWith("//") || path.startsWith(":")) {
    throw new StoreError("url", `store URL "${url}" does not name a file`);
  }
  return resolve(path);
}
