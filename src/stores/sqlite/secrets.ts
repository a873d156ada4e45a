import { randomBytes } from "node:crypto";
import type { Database } from "bun:sqlite";

/** Random keys that the program makes for itself, once, and that outlive it. */
export interface SecretStore {
  /** 32 bytes, the same ever after; made when it is asked for first. */
  secret(name: string): Uint8Array;
}

/** Prepares the statements once. */
export function prepareSecrets(database: Database): SecretStore {
  const insert = database.query<unknown, [string, Uint8Array]>(
    "INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)",
  );
  const find = database.query<{ value: Uint8Array }, [string]>("SELECT value FROM secrets WHERE name = ?");
  return {
    secret(name) {
      insert.run(name, randomBytes(32));
      const row = find.get(name);
      if (row === null) throw new Error(`the store does not keep the secret ${name}`);
      return row.value;
    },
  };
}
