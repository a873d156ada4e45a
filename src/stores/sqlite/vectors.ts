import type { Database } from "bun:sqlite";
import type { VectorStore } from "../../domain/classify/vector-store.ts";

export type { VectorStore };

/** Prepares the statements once. */
export function prepareVectors(database: Database, guard: () => void): VectorStore {
  const find = database.query<{ key: string; vector: Uint8Array }, [string]>(
    "SELECT key, vector FROM example_vectors WHERE key IN (SELECT value FROM json_each(?))",
  );
  const touch = database.query<unknown, [number, string]>(
    "UPDATE example_vectors SET used_at = ? WHERE key IN (SELECT value FROM json_each(?))",
  );
  const insert = database.query<unknown, [string, Uint8Array, number]>(
    "INSERT OR REPLACE INTO example_vectors (key, vector, used_at) VALUES (?, ?, ?)",
  );
  const drop = database.query<unknown, [number]>("DELETE FROM example_vectors WHERE used_at < ?");
  return {
    vectors(keys, now) {
      const wanted = JSON.stringify(keys);
      touch.run(now, wanted);
      return new Map(find.all(wanted).map(({ key, vector }) => [key, floatsOf(vector)]));
    },
    keepVectors(entries, now) {
      guard();
      database.transaction(() => {
        for (const [key, vector] of entries) insert.run(key, bytesOf(vector), now);
      })();
    },
    dropVectors(before) {
      guard();
      drop.run(before);
    },
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A copy: floats need an aligned place. */
function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
