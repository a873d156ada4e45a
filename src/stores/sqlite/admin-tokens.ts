import type { Database } from "bun:sqlite";

/** Admin tokens in the store: only their SHA-256 hashes are kept. */
export interface AdminTokenStore {
  /** Hashes of all tokens that have not expired. */
  adminTokenHashes(now: number): Uint8Array[];
  addAdminToken(name: string, sha256: Uint8Array, now: number): void;
}

/** Prepares the statements once. */
export function prepareAdminTokens(database: Database): AdminTokenStore {
  const all = database.query<{ sha256: Uint8Array }, [number]>(
    "SELECT sha256 FROM admin_tokens WHERE expires_at IS NULL OR expires_at > ?",
  );
  const insert = database.query<unknown, [string, string, Uint8Array, number]>(
    "INSERT INTO admin_tokens (id, name, sha256, created_at) VALUES (?, ?, ?, ?)",
  );
  return {
    adminTokenHashes: (now) => all.all(now).map(({ sha256 }) => sha256),
    addAdminToken: (name, sha256, now) => void insert.run(crypto.randomUUID(), name, sha256, now),
  };
}
