import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "./open.ts";

const folder = mkdtempSync(join(tmpdir(), "trunkline-secrets-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a secret is made once, and is the same after a restart", () => {
  const url = `sqlite:${join(folder, "store.db")}`;
  const first = openSqliteStore(url);
  const secret = Buffer.from(first.secret("one"));
  expect(secret).toHaveLength(32);
  expect(Buffer.from(first.secret("one"))).toEqual(secret);
  expect(Buffer.from(first.secret("other"))).not.toEqual(secret);
  first.close();
  const again = openSqliteStore(url);
  expect(Buffer.from(again.secret("one"))).toEqual(secret);
  again.close();
});
