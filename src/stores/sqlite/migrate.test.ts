import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { migrate } from "./migrate.ts";
import { STEPS } from "./steps.ts";
import { StoreError } from "./store-error.ts";

const tablesOf = (database: Database): string[] =>
  database
    .query<{ name: string }, []>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => name);

describe("migrating", () => {
  test("an empty database gets every table, once", () => {
    const database = new Database(":memory:");
    expect(migrate(database)).toBe(STEPS.length);
    expect(tablesOf(database)).toEqual([
      "admin_tokens",
      "config_objects",
      "example_vectors",
      "experiment_stops",
      "feedback",
      "jobs",
      "journal_positions",
      "kept_objects",
      "kept_responses",
      "ledger_balances",
      "meta",
      "request_logs",
      "secrets",
      "target_health",
    ]);
    expect(migrate(database)).toBe(0);
  });

  test("only what is missing is done", () => {
    const database = new Database(":memory:");
    const first = ["CREATE TABLE a (x)"];
    expect(migrate(database, first)).toBe(1);
    expect(migrate(database, [...first, "CREATE TABLE b (x); CREATE TABLE c (x)", "CREATE TABLE d (x)"])).toBe(2);
    expect(tablesOf(database)).toEqual(["a", "b", "c", "d", "meta"]);
  });

  test("a step that fails leaves nothing of itself, and the steps before it", () => {
    const database = new Database(":memory:");
    const broken = ["CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)"];
    expect(() => migrate(database, broken)).toThrow("nowhere");
    expect(tablesOf(database)).toEqual(["a", "meta"]);
    expect(migrate(database, ["CREATE TABLE a (x)", "CREATE TABLE b (x)"])).toBe(1);
    expect(tablesOf(database)).toEqual(["a", "b", "meta"]);
  });

  test("a database of a newer program is refused, with both versions named", () => {
    const database = new Database(":memory:");
    migrate(database, ["CREATE TABLE a (x)", "CREATE TABLE b (x)"]);
    expect(() => migrate(database, ["CREATE TABLE a (x)"])).toThrow("schema version 2, this program knows 1");
    expect(() => migrate(database, ["CREATE TABLE a (x)"])).toThrow(StoreError);
  });

  test("a database of another program is refused and left alone", () => {
    const database = new Database(":memory:");
    database.run("CREATE TABLE theirs (x)");
    expect(() => migrate(database)).toThrow("another program");
    expect(tablesOf(database)).toEqual(["theirs"]);
  });
});

describe("the schema", () => {
  const database = new Database(":memory:");
  migrate(database);
  const insertObject = (id: string, kind: string, scope: string, name: string, origin = "api", body = "{}"): void => {
    database.run(
      "INSERT INTO config_objects (id, kind, scope, name, body, origin, revision, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 1, 1, 1)",
      [id, kind, scope, name, body, origin],
    );
  };

  test("a name stands once per kind and scope", () => {
    insertObject("1", "rule", "global", "a");
    insertObject("2", "rule", "team:ml", "a");
    insertObject("3", "team", "global", "a");
    expect(() => insertObject("4", "rule", "global", "a")).toThrow("UNIQUE");
  });

  test("bodies are JSON, origins are of the list, tokens are SHA-256 hashes", () => {
    expect(() => insertObject("5", "rule", "global", "b", "api", "{")).toThrow("CHECK");
    expect(() => insertObject("6", "rule", "global", "c", "cloud")).toThrow("CHECK");
    const insertToken = (hash: Uint8Array): unknown =>
      database.run("INSERT INTO admin_tokens (id, name, sha256, created_at) VALUES ('t', 't', ?, 1)", [hash]);
    expect(() => insertToken(new Uint8Array(20))).toThrow("CHECK");
    insertToken(new Uint8Array(32));
  });
});
