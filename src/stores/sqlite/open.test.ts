import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sampleRecord } from "../../domain/journal/fixtures/record.ts";
import { parseRecord } from "../../domain/journal/parse-record.ts";
import { temporaryDirectory } from "../../domain/journal/fixtures/temporary-directory.ts";
import { linesOf } from "../../domain/journal/fixtures/lines.ts";
import type { RequestRecord } from "../../canonical/record.ts";
import { openSqliteStore } from "./open.ts";
import { StoreError } from "./store-error.ts";

const memory = (): ReturnType<typeof openSqliteStore> => openSqliteStore("sqlite::memory:");

function fault(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return error instanceof StoreError ? error.fault : String(error);
  }
  return undefined;
}

describe("opening", () => {
  test("makes file and folder, both private, and finds everything again", () => {
    using dir = temporaryDirectory();
    const path = join(dir.path, "data", "x.db");
    const store = openSqliteStore(`sqlite:${path}`);
    store.append(linesOf([sampleRecord()]), [{ segment: "s", offset: 7 }]);
    expect(statSync(join(dir.path, "data")).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(join(dir.path, "data"))) {
      expect([name, statSync(join(dir.path, "data", name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    store.close();
    const again = openSqliteStore(`sqlite:${path}`);
    expect(again.get("req_1")).toEqual(sampleRecord());
    expect(again.positions()).toEqual([{ segment: "s", offset: 7 }]);
    again.close();
  });

  test("a new file has pages of several records, and gives space back", () => {
    using dir = temporaryDirectory();
    const path = join(dir.path, "x.db");
    openSqliteStore(`sqlite:${path}`).close();
    const database = new Database(path, { readonly: true });
    expect(database.query("PRAGMA page_size").get()).toEqual({ page_size: 8192 });
    expect(database.query("PRAGMA auto_vacuum").get()).toEqual({ auto_vacuum: 2 });
    database.close();
  });

  test("closing leaves one whole file, also after every kind of call", () => {
    using dir = temporaryDirectory();
    const store = openSqliteStore(`sqlite:${join(dir.path, "x.db")}`);
    store.append(linesOf(Array.from({ length: 30 }, (_, index) => sampleRecord({ id: `r${index}` }))));
    store.list({ idPrefix: "r", model: ["a", "b"] }, 10, null);
    store.balances();
    store.forget(["a"]);
    store.prune(1, 1);
    store.addAdminToken("first", new Uint8Array(32), 1);
    store.adminTokenHashes(1);
    store.close();
    expect(readdirSync(dir.path)).toEqual(["x.db"]);
  });

  test("a folder that cannot be made, and a file that is no database, are told with their path", () => {
    using dir = temporaryDirectory();
    const file = join(dir.path, "file");
    writeFileSync(file, "this is not a database, and it is longer than a header");
    expect(() => openSqliteStore(`sqlite:${file}/x.db`)).toThrow(join(file, "x.db"));
    expect(() => openSqliteStore(`sqlite:${file}`)).toThrow(file);
    expect(fault(() => openSqliteStore(`sqlite:${file}`))).toBe("unopenable");
  });
});

describe("appending", () => {
  test("records, charges and positions", () => {
    const store = memory();
    const charges = [
      { counter: "usd", period: 1, amount: 30 },
      { counter: "requests", period: 9, amount: 1 },
    ];
    const records = Array.from({ length: 60 }, (_, index) => sampleRecord({ id: `r${index}`, charges }));
    store.append(linesOf(records), [{ segment: "a", offset: 10 }]);
    store.append(linesOf([sampleRecord({ id: "next", charges: [{ counter: "usd", period: 2, amount: 5 }] })]), [
      { segment: "a", offset: 20 },
      { segment: "b", offset: 5 },
    ]);
    expect(store.balances()).toEqual([
      { counter: "requests", period: 9, amount: 60 },
      { counter: "usd", period: 1, amount: 1800 },
      { counter: "usd", period: 2, amount: 5 },
    ]);
    expect(store.positions()).toEqual([
      { segment: "a", offset: 20 },
      { segment: "b", offset: 5 },
    ]);
    for (const record of records) expect(store.get(record.id)).toEqual(record);
    store.forget(["a", "unknown"]);
    expect(store.positions()).toEqual([{ segment: "b", offset: 5 }]);
  });

  test("a record that is stored already, or comes twice in a batch, is neither stored nor charged again", () => {
    const store = memory();
    const record = sampleRecord({ charges: [{ counter: "usd", period: 1, amount: 30 }] });
    store.append(linesOf([record, record]));
    store.append(
      linesOf([
        { ...record, status: 500 },
        { ...record, id: "req_2" },
      ]),
    );
    expect(store.list({}, 10, null).records).toHaveLength(2);
    expect(store.get("req_1")?.status).toBe(200);
    expect(store.balances()).toEqual([{ counter: "usd", period: 1, amount: 60 }]);
  });

  test("a line of another version is kept as it came, and read with what it lacks filled in", () => {
    const store = memory();
    const text = `{"id":"old","time":5,"operation":"chat","outcome":"success","status":"200","later":{"kept":true}}`;
    const record = parseRecord(text);
    if (record === null) throw new Error("no record");
    store.append([{ record, text }]);
    expect(store.get("old")).toEqual(record);
    expect(store.get("old")).toMatchObject({ status: 0, later: { kept: true }, charges: [] });
    expect(store.list({}, 1, null).records).toEqual([record]);
  });

  test("any text is kept as it is", () => {
    const store = memory();
    const record = sampleRecord({
      id: "'); DROP TABLE request_logs; -- π \u0001",
      virtual_key: "nul\u0000inside",
      error_message: "\ud83d\ude80",
      charges: [{ counter: "__proto__", period: -3, amount: 15 }],
    });
    store.append(linesOf([record]));
    store.append(linesOf([record]));
    expect(store.get(record.id)).toEqual(record);
    expect(store.list({ virtual_key: ["nul\u0000inside"] }, 10, null).records).toEqual([record]);
    expect(store.balances()).toEqual([{ counter: "__proto__", period: -3, amount: 15 }]);
  });

  test("all or nothing: a row that cannot be stored takes its batch, charges and positions with it", () => {
    const store = memory();
    const broken = { ...sampleRecord({ id: "broken" }), outcome: null } as unknown as RequestRecord;
    expect(() => store.append(linesOf([sampleRecord(), broken]), [{ segment: "a", offset: 1 }])).toThrow("NOT NULL");
    expect(store.list({}, 10, null).records).toEqual([]);
    expect(store.balances()).toEqual([]);
    expect(store.positions()).toEqual([]);
    store.append(linesOf([sampleRecord()]));
    expect(store.list({}, 10, null).records).toHaveLength(1);
  });

  test("a store whose file was moved away refuses, and goes on when the file is back", () => {
    using dir = temporaryDirectory();
    const path = join(dir.path, "x.db");
    const store = openSqliteStore(`sqlite:${path}`);
    renameSync(path, `${path}.away`);
    expect(fault(() => store.append(linesOf([sampleRecord()])))).toBe("moved");
    writeFileSync(path, "");
    expect(fault(() => store.append(linesOf([sampleRecord()])))).toBe("moved");
    renameSync(`${path}.away`, path);
    store.append(linesOf([sampleRecord()]));
    expect(store.get("req_1")).not.toBeNull();
    store.close();
  });

  test("a store that another process holds is busy for now, and takes the records later", () => {
    using dir = temporaryDirectory();
    const path = join(dir.path, "x.db");
    const store = openSqliteStore(`sqlite:${path}`);
    const other = new Database(path);
    other.run("BEGIN IMMEDIATE");
    expect(() => store.append(linesOf([sampleRecord()]))).toThrow("locked");
    other.run("ROLLBACK");
    store.append(linesOf([sampleRecord()]));
    expect(store.get("req_1")).not.toBeNull();
    other.close();
    store.close();
  });
});

describe("pruning", () => {
  test("the oldest go first, in batches, and the rest stays", () => {
    const store = memory();
    const times = [50, 10, 40, 20, 30];
    store.append(linesOf(times.map((time) => sampleRecord({ id: `t${time}`, time }))));
    expect(store.prune(40, 2)).toBe(2);
    expect(store.list({}, 10, null).records.map((record) => record.time)).toEqual([50, 40, 30]);
    expect(store.prune(40, 2)).toBe(1);
    expect(store.prune(40, 2)).toBe(0);
    expect(store.list({}, 10, null).records.map((record) => record.time)).toEqual([50, 40]);
  });

  test("of each counter the four newest periods stay, whatever their age", () => {
    const store = memory();
    const charge = (counter: string, period: number) => ({ counter, period, amount: 1 });
    store.append(
      linesOf([
        sampleRecord({ time: 1, charges: [0, 1, 7, 8, 9].map((period) => charge("minutes", period)) }),
        sampleRecord({ id: "req_2", time: 1, charges: [charge("never", 0)] }),
      ]),
    );
    store.prune(10, 100);
    expect(store.balances().map(({ counter, period }) => `${counter} ${period}`)).toEqual([
      "minutes 1",
      "minutes 7",
      "minutes 8",
      "minutes 9",
      "never 0",
    ]);
  });

  test("gives space back to the file system", () => {
    using dir = temporaryDirectory();
    const path = join(dir.path, "x.db");
    const store = openSqliteStore(`sqlite:${path}`);
    const error_message = "x".repeat(2000);
    store.append(
      linesOf(Array.from({ length: 1000 }, (_, index) => sampleRecord({ id: `r${index}`, time: 1, error_message }))),
    );
    store.close();
    const full = statSync(path).size;
    const again = openSqliteStore(`sqlite:${path}`);
    while (again.prune(10, 500) > 0);
    again.close();
    expect(statSync(path).size).toBeLessThan(full / 4);
    expect(existsSync(path)).toBe(true);
  });
});
