import { expect, test } from "bun:test";
import { resolve } from "node:path";
import { StoreError } from "./store-error.ts";
import { readSqliteUrl } from "./url.ts";

test.each([
  ["sqlite::memory:", null],
  ["sqlite:./data/x.db", resolve("data/x.db")],
  ["sqlite:x.db", resolve("x.db")],
  ["sqlite:/var/x.db", "/var/x.db"],
  ["sqlite:///var/x.db", "/var/x.db"],
  ["sqlite:/with space/é?.db", "/with space/é?.db"],
])("%s", (url, path) => {
  expect(readSqliteUrl(url)).toBe(path);
});

test.each(["", "sqlite:", "sqlite:data/", "sqlite://host/x.db", "sqlite::mem:", "postgres://h/db", "./x.db"])(
  "%p is refused, and named in the error",
  (url) => {
    expect(() => readSqliteUrl(url)).toThrow(`"${url}"`);
    expect(() => readSqliteUrl(url)).toThrow(StoreError);
  },
);
