import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { prepareAdminTokens } from "./admin-tokens.ts";
import { migrate } from "./migrate.ts";

test("hashes of all tokens but the expired ones; a name stands once", () => {
  const database = new Database(":memory:");
  migrate(database);
  const tokens = prepareAdminTokens(database);
  const first = new Uint8Array(32).fill(1);
  const second = new Uint8Array(32).fill(2);
  tokens.addAdminToken("first", first, 1000);
  tokens.addAdminToken("second", second, 1000);
  expect(tokens.adminTokenHashes(2000)).toEqual([first, second]);
  database.run("UPDATE admin_tokens SET expires_at = 3000 WHERE name = 'second'");
  expect(tokens.adminTokenHashes(2999)).toEqual([first, second]);
  expect(tokens.adminTokenHashes(3000)).toEqual([first]);
  expect(() => tokens.addAdminToken("first", new Uint8Array(32), 1)).toThrow("UNIQUE");
});
