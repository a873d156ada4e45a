import { describe, expect, test } from "bun:test";
import type { Job, KeptObject } from "../../domain/state/port.ts";
import { openSqliteStore } from "./open.ts";

const END = {
  state: "done",
  status: 200,
  answer_type: "a",
  request_id: "r",
  answer: Buffer.from("x"),
  ended_at: 5,
  expires_at: null,
} as const;

function job(id: string, fields: Partial<Job> = {}): Job {
  const place = { batch: null, position: 0, owner: "o", caller: "c", custom_id: null };
  const request = { path: "/", content_type: "a", headers: "{}", request: Buffer.from("body") };
  const end = { status: null, answer_type: null, request_id: null, answer: null, ended_at: null, expires_at: null };
  return { id, ...place, state: "queued", ...request, ...end, created_at: 1, not_before: 1, ...fields };
}

function object(id: string, fields: Partial<KeptObject> = {}): KeptObject {
  const place = { owner: "o", caller: "c", provider: null, provider_key: null };
  return { id, kind: "file", ...place, created_at: 1, expires_at: null, bytes: 1, body: "{}", ...fields };
}

describe("jobs", () => {
  test("of batches come by place, one of each in turn, and not those that rest", () => {
    const store = openSqliteStore("sqlite::memory:");
    store.addJobs(
      [0, 1].map((position) => job(`a${position}`, { batch: "a", position })),
      null,
    );
    store.addJobs(
      [0, 1].map((position) => job(`b${position}`, { batch: "b", position, created_at: 2 })),
      null,
    );
    const order: string[] = [];
    for (let next = store.nextLine(9, []); next !== null; next = store.nextLine(9, [])) {
      order.push(next.id);
      store.startJob(next.id);
    }
    expect(order).toEqual(["a0", "b0", "a1", "b1"]);
    store.requeueJob("a0", 20);
    expect(store.nextLine(9, [])).toBeNull();
    expect(store.nextLine(20, ["a"])).toBeNull();
    expect(store.nextLine(20, [])?.id).toBe("a0");
  });

  test("each is begun once, ends once, and keeps its answer but not its request", () => {
    const store = openSqliteStore("sqlite::memory:");
    store.addJobs([job("one")], null);
    expect(store.nextSingle(9)?.id).toBe("one");
    expect(store.startJob("one")).toBe(true);
    expect(store.startJob("one")).toBe(false);
    store.endJob("one", END);
    store.endJob("one", { ...END, status: 500 });
    expect(store.job("one")).toMatchObject({ state: "done", status: 200 });
    expect(store.job("one")?.request.byteLength).toBe(0);
    expect(store.nextSingle(9)).toBeNull();
  });

  test("those that ran when the process ended are ended, those that waited wait on", () => {
    const store = openSqliteStore("sqlite::memory:");
    store.addJobs([job("ran"), job("waits"), job("line", { batch: "a" })], null);
    store.startJob("ran");
    store.startJob("line");
    expect(store.endInterrupted({ ...END, state: "failed", status: null, answer: null, expires_at: 7 })).toBe(2);
    expect(store.job("ran")).toMatchObject({ state: "failed", expires_at: 7 });
    expect(store.job("line")).toMatchObject({ state: "failed", expires_at: null });
    expect(store.job("waits")?.state).toBe("queued");
  });

  test("come with the object that they belong to, or not at all", () => {
    const store = openSqliteStore("sqlite::memory:");
    store.addJobs([job("x")], null);
    expect(() => store.addJobs([job("y"), job("x")], object("batch", { kind: "batch" }))).toThrow();
    expect(store.object("batch", "batch")).toBeNull();
    expect(store.job("y")).toBeNull();
  });
});

describe("objects and answers", () => {
  test("an id of another owner's is not taken over", () => {
    const store = openSqliteStore("sqlite::memory:");
    store.putObject(object("f", { body: '{"of":"o"}' }));
    store.putObject(object("f", { owner: "p", body: '{"of":"p"}' }));
    expect(store.object("file", "f")).toMatchObject({ owner: "o", body: '{"of":"o"}' });
    const kept = { id: "r", owner: "o", created_at: 1, expires_at: 9, previous: null, input: "[]", response: "{}" };
    store.keepResponse(kept);
    store.keepResponse({ ...kept, owner: "p", response: '{"of":"p"}' });
    expect(store.keptResponse("r")).toMatchObject({ owner: "o", response: "{}" });
  });

  test("lists go on after an id, newest first, within one owner and kind", () => {
    const store = openSqliteStore("sqlite::memory:");
    for (const at of [1, 2, 3]) store.putObject(object(`f${at}`, { created_at: at }));
    store.putObject(object("other", { owner: "p", created_at: 9 }));
    store.putObject(object("b", { kind: "batch", created_at: 9 }));
    expect(store.objects("o", "file", 2, null).map(({ id }) => id)).toEqual(["f3", "f2"]);
    expect(store.objects("o", "file", 2, "f2").map(({ id }) => id)).toEqual(["f1"]);
    expect(store.objects("o", "file", 2, "other")).toEqual([]);
    expect(store.countObjects("o", "file")).toBe(3);
  });

  test("what has expired goes, and says what it was", () => {
    const store = openSqliteStore("sqlite::memory:");
    store.putObject(object("old", { expires_at: 5 }));
    store.putObject(object("new", { expires_at: 50 }));
    store.keepResponse({
      id: "r",
      owner: "o",
      created_at: 1,
      expires_at: 5,
      previous: null,
      input: "[]",
      response: "{}",
    });
    store.addJobs([job("j", { expires_at: 5 })], null);
    expect(store.pruneState(10).map(({ id }) => id)).toEqual(["old"]);
    expect(store.keptResponse("r")).toBeNull();
    expect(store.job("j")).toBeNull();
    expect(store.object("file", "new")).not.toBeNull();
  });
});
