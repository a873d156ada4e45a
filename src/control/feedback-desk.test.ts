import { expect, test } from "bun:test";
import { GatewayError } from "../canonical/errors.ts";
import type { RequestRecord } from "../canonical/record.ts";
import type { Feedback } from "../domain/feedback/port.ts";
import { sampleRecord } from "../domain/journal/fixtures/record.ts";
import { FeedbackDesk } from "./feedback-desk.ts";

const SAID = { score: 1, weight: 1, label: null, comment: null, metadata: null };
const ASKER = { owner: "team:ml", caller: "app-1" };

/** A desk over records that come to be known after so many waits. */
function deskOf(record: RequestRecord, afterWaits: number, isFailing = false) {
  const kept: Feedback[] = [];
  const counted: number[] = [];
  let waits = 0;
  const known = (): boolean => waits >= afterWaits;
  const desk = new FeedbackDesk({
    store: {
      get: (id) => (id === record.id && known() ? record : null),
      recordByResponse: (id) => (id === record.response_id && known() ? JSON.stringify(record) : null),
      putFeedback: (feedback) => {
        const isKnown = kept.some(({ source }) => source === feedback.source);
        kept.push(feedback);
        return isKnown ? "changed" : "added";
      },
      feedbackOf: () => kept,
    },
    drainJournal: () => {},
    isStoreFailing: () => isFailing,
    count: (_, score) => counted.push(score),
    wait: () => {
      waits += 1;
      return Promise.resolve();
    },
  });
  return { desk, kept, counted, waited: () => waits };
}

test("feedback during a stream waits for its record", async () => {
  const { desk, kept, waited } = deskOf(sampleRecord(), 7);
  const given = await desk.fromCaller(ASKER, { id: "req_1", ...SAID });
  expect(given).toMatchObject({ request_id: "req_1", source: "virtual_key:app-1" });
  expect(kept).toEqual([given]);
  expect(waited()).toBe(7);
});

test("a request that does not come is not found after two seconds", async () => {
  const { desk, kept, waited } = deskOf(sampleRecord(), Infinity);
  expect(await desk.fromAdmin("admin", { id: "req_1", ...SAID }).catch((error: unknown) => error)).toBeInstanceOf(
    GatewayError,
  );
  expect(waited()).toBe(20);
  expect(kept).toEqual([]);
});

test("while the store takes no records, nobody is told that a request is not known", async () => {
  const { desk, waited } = deskOf(sampleRecord(), Infinity, true);
  const given = desk.fromCaller(ASKER, { id: "req_1", ...SAID });
  expect(await given.catch((error: unknown) => error)).toMatchObject({ code: "overloaded" });
  expect(waited()).toBe(0);
});

test("ids that are nobody's do not hold up others without bound", async () => {
  const { desk, waited } = deskOf(sampleRecord(), Infinity);
  const asks = Array.from({ length: 100 }, (_, at) => desk.fromAdmin("admin", { id: `req_${at + 5}`, ...SAID }));
  const results = await Promise.allSettled(asks);
  expect(results.every(({ status }) => status === "rejected")).toBe(true);
  expect(waited()).toBe(64 * 20);
});

test("another team's request is not found, and a changed mind counts once", async () => {
  const { desk, kept, counted } = deskOf(sampleRecord({ response_id: "chatcmpl-1" }), 0);
  const foreign = desk.fromCaller({ owner: "team:other", caller: "x" }, { id: "req_1", ...SAID });
  expect(await foreign.catch((error: unknown) => error)).toMatchObject({ code: "not_found" });
  await desk.fromCaller(ASKER, { id: "chatcmpl-1", ...SAID });
  await desk.fromCaller(ASKER, { id: "req_1", ...SAID, score: -1 });
  expect(kept.map(({ request_id: id, score }) => [id, score])).toEqual([
    ["req_1", 1],
    ["req_1", -1],
  ]);
  expect(counted).toEqual([1]);
});
