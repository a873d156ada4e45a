import { existsSync } from "node:fs";
import { openSqliteStore, type SqliteStore } from "./open.ts";
import { StoreError } from "./store-error.ts";
import { readSqliteUrl } from "./url.ts";

/** Opens a store that is there. Throws for one that is not: whoever reads would find an empty one at a mistyped path. */
export function openExistingStore(url: string): SqliteStore {
  const path = readSqliteUrl(url);
  if (path === null || existsSync(path)) return openSqliteStore(url);
  throw new StoreError("unopenable", `there is no store at ${path}; be in the gateway's folder, or name it by --store`);
}
