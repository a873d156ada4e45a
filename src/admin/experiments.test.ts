import { expect, spyOn, test } from "bun:test";
import { sampleRecord } from "../domain/journal/fixtures/record.ts";
import { openSqliteStore, type SqliteStore } from "../stores/sqlite/open.ts";
import { getExperiment, listExperiments, type ConfiguredExperiment } from "./experiments.ts";

const NOW = Date.UTC(2026, 10, 26);
const STOP = { experiment: "e", arm: "b", mark: "m", time: NOW, reason: "too many failed" };
const ALL = new URLSearchParams();

/** Two requests of each arm, and a stop. */
function storeOf(): SqliteStore {
  const store = openSqliteStore("sqlite::memory:");
  const records = ["a", "a", "b", "b"].map((arm, at) =>
    sampleRecord({ id: `req_${at}`, time: NOW + at, experiment: "e", arm }),
  );
  store.append(records.map((record) => ({ record, text: JSON.stringify(record) })));
  store.putStop(STOP);
  return store;
}

function configured(fields: Partial<ConfiguredExperiment> = {}): ConfiguredExperiment {
  const arms = ["a", "b"].map((name) => ({ name, weight: 1 }));
  return {
    name: "e",
    enabled: true,
    unit: "user",
    scope: "global",
    when: "true",
    arms,
    ramp: [],
    stopped: [],
    ...fields,
  };
}

test("a listing says from when on it counts", () => {
  const store = storeOf();
  const sources = { store, configured: [configured()], now: NOW };
  expect(listExperiments(ALL, sources).data).toMatchObject([{ state: "running", since: null, stopped: [] }]);
  const later = listExperiments(new URLSearchParams({ since: String(NOW + 1) }), sources).data[0];
  expect(later?.since).toBe("2026-11-26T00:00:00.001Z");
  expect(later?.arms.map(({ arm, requests }) => [arm, requests])).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
  spyOn(store, "armCounts").mockReturnValue({ arms: new Map(), since: NOW });
  expect(listExperiments(ALL, sources).data[0]?.since).toBe("2026-11-26T00:00:00.000Z");
});

test("where the configuration is not known, neither is what only it says, and the store's stops show", () => {
  const sources = { store: storeOf(), configured: null, now: NOW };
  const stopped = [{ arm: "b", time: "2026-11-26T00:00:00.000Z", reason: "too many failed" }];
  const unknown = { name: "e", state: null, unit: null, percent: null, stopped };
  expect(listExperiments(ALL, sources).data).toMatchObject([unknown]);
  expect(getExperiment("e", ALL, sources)).toMatchObject(unknown);
  expect(getExperiment("f", ALL, sources)).toBeNull();
});

test("what is not configured any more was removed, and a stop is what the configuration has of it", () => {
  const store = storeOf();
  expect(listExperiments(ALL, { store, configured: [], now: NOW }).data).toMatchObject([
    { state: "removed", stopped: [] },
  ]);
  const running = { store, configured: [configured({ stopped: [STOP] })], now: NOW };
  expect(getExperiment("e", ALL, running)?.stopped).toMatchObject([{ arm: "b" }]);
});

test("a ramp says how many are in it now, and whether it has begun", () => {
  const store = storeOf();
  const ramp = [
    { from: NOW, percent: 10 },
    { from: NOW + 5, percent: 30 },
  ];
  const at = (now: number) => listExperiments(ALL, { store, configured: [configured({ ramp })], now }).data[0];
  expect(at(NOW - 1)).toMatchObject({ state: "waiting", percent: null });
  expect(at(NOW + 4)).toMatchObject({ state: "running", percent: 10 });
  expect(at(NOW + 5)).toMatchObject({ state: "running", percent: 30 });
});

test("a comparison counts nothing beside", () => {
  const store = storeOf();
  const counts = spyOn(store, "armCounts");
  expect(getExperiment("e", ALL, { store, configured: [configured()], now: NOW })?.arms).toHaveLength(2);
  expect(counts).not.toHaveBeenCalled();
});
