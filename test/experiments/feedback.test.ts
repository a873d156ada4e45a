import { afterAll, beforeAll, expect, test } from "bun:test";
import { startGateway } from "../gateway/start.ts";
import { KEYS, openScene, type Scene } from "./scene.ts";

let scene: Scene;

beforeAll(async () => {
  scene = await openScene([
    {
      name: "e",
      unit: "request",
      when: 'model == "assistant"',
      arms: [{ name: "only" }, { name: "b", model: "b/m", weight: 0 }],
    },
  ]);
});
afterAll(() => scene.stop());

const feedbackOf = async (id: string): Promise<Record<string, unknown>[]> => {
  const { json } = await scene.get(`/api/logs/${id}`);
  return json["feedback"] as unknown as Record<string, unknown>[];
};

test("feedback right after the answer is kept, shown with the record, and counted", async () => {
  const { id } = await scene.chat({});
  const said = { request_id: id, score: 0.5, label: "helpful", comment: "Fine. ✓", metadata: { page: 3 } };
  const answer = await scene.post("/v1/feedback", said);
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ ...said, source: "virtual_key:mine", weight: 1 });
  expect(await feedbackOf(id)).toEqual([answer.json]);
  const metrics = await (await fetch(`${scene.gateway.url}/metrics`)).text();
  expect(metrics).toMatch(
    /trunkline_feedback_total\{provider="a",model="m",experiment="e",arm="only",sentiment="positive"\} \d/,
  );
});

test("the id of the answer, as SDKs show it, will do", async () => {
  const { id, answerId } = await scene.chat({});
  const answer = await scene.post("/v1/feedback", { request_id: answerId, score: "down" });
  expect(answer.json).toMatchObject({ request_id: id, score: -1 });
});

test("a source says one thing of a request: the last counts; another source says its own", async () => {
  const { id } = await scene.chat({});
  const say = (score: unknown, key: string) => scene.post("/v1/feedback", { request_id: id, score }, key);
  for (const score of [true, "up", -0.25]) expect((await say(score, KEYS.mine)).status).toBe(200);
  expect((await say(1, KEYS.mate)).status).toBe(200);
  const admin = { request_id: id, score: 0, source: "eval-suite" };
  expect((await scene.post("/api/feedback", admin, scene.gateway.adminToken)).status).toBe(200);
  const found = (await feedbackOf(id)).map(({ source, score }) => [source, score]);
  expect(Object.fromEntries(found as [string, number][])).toEqual({
    "virtual_key:mine": -0.25,
    "virtual_key:mate": 1,
    "eval-suite": 0,
  });
});

test("Portkey's form is taken, and answered in its own", async () => {
  const { id } = await scene.chat({});
  const answer = await scene.post("/v1/feedback", { trace_id: id, value: -5, weight: 0.5, metadata: { _user: "u" } });
  expect(answer).toEqual({
    status: 200,
    json: {
      status: "success",
      message: "Feedback successfully saved",
      feedback_ids: [`${id}/virtual_key:mine`],
    } as unknown as Record<string, never>,
  });
  expect(await feedbackOf(id)).toMatchObject([{ score: -0.5, weight: 0.5, metadata: { _user: "u" } }]);
});

test("nobody rates the requests of another team, nor learns whether they exist", async () => {
  const { id, answerId } = await scene.chat({});
  const foreign = await scene.post("/v1/feedback", { request_id: id, score: 1 }, KEYS.other);
  expect(foreign.status).toBe(404);
  expect((await scene.post("/v1/feedback", { request_id: answerId, score: 1 }, KEYS.other)).status).toBe(404);
  const unknown = await scene.post("/v1/feedback", { request_id: "req_00000000000000000000000000000000", score: 1 });
  expect(unknown.status).toBe(404);
  const text = (json: object): string => JSON.stringify(json).replace(/req_\w+/g, "");
  expect(text(unknown.json)).toBe(text(foreign.json));
  expect(await feedbackOf(id)).toEqual([]);
  expect(
    (await scene.post("/v1/feedback", { request_id: id, score: 1 }, "sk-tl-unknown-key-0000000000000")).status,
  ).toBe(401);
  expect((await scene.post("/api/feedback", { request_id: id, score: 1 })).status).toBe(401);
});

test.each([
  [{}, "request_id"],
  [{ request_id: 5, score: 1 }, "request_id"],
  [{ request_id: "", score: 1 }, "request_id"],
  [{ request_id: "x".repeat(513), score: 1 }, "request_id"],
  [{ request_id: "r" }, "score"],
  [{ request_id: "r", score: 1.01 }, "score"],
  [{ request_id: "r", score: "great" }, "score"],
  [{ request_id: "r", score: "constructor" }, "score"],
  [{ request_id: "r", score: null }, "score"],
  [{ request_id: "r", score: [1] }, "score"],
  [{ request_id: "r", score: 1, value: 1 }, "value"],
  [{ trace_id: "r", value: 0.5 }, "value"],
  [{ trace_id: "r", value: 11 }, "value"],
  [{ request_id: "r", trace_id: "r", score: 1 }, "trace_id"],
  [{ request_id: "r", score: 1, weight: 2 }, "weight"],
  [{ request_id: "r", score: 1, label: "x".repeat(101) }, "label"],
  [{ request_id: "r", score: 1, comment: "x".repeat(4001) }, "comment"],
  [{ request_id: "r", score: 1, comment: "\ud800" }, "comment"],
  [{ request_id: "r", score: 1, metadata: "text" }, "metadata"],
  [{ request_id: "r", score: 1, metadata: { long: "x".repeat(8192) } }, "metadata"],
  [{ request_id: "r", score: 1, rating: 1 }, "rating"],
])("%j is refused for its %s", async (body, param) => {
  const { status, json } = await scene.post("/v1/feedback", body);
  expect(status).toBe(400);
  expect((json["error"] as unknown as { param: string }).param).toBe(param);
  const admin = await scene.post("/api/feedback", body, scene.gateway.adminToken);
  expect(admin.status).toBe(400);
});

test("bodies that are huge, no JSON, no object, or say a thing twice are refused", async () => {
  const huge = { request_id: "r", score: 1, metadata: { long: "x".repeat(70_000) } };
  expect((await scene.post("/v1/feedback", huge)).status).toBe(413);
  expect((await scene.post("/api/feedback", huge, scene.gateway.adminToken)).status).toBe(413);
  for (const body of ["{", "[]", '"text"', "null"]) {
    expect((await scene.post("/v1/feedback", body)).status).toBe(400);
    expect((await scene.post("/api/feedback", body, scene.gateway.adminToken)).status).toBe(400);
  }
  expect((await scene.post("/v1/feedback", '{"request_id":"a","request_id":"b","score":1}')).status).toBe(400);
  const source = { request_id: "r", score: 1, source: "virtual_key:mine" };
  expect((await scene.post("/api/feedback", source, scene.gateway.adminToken)).status).toBe(400);
  expect(
    (await fetch(`${scene.gateway.url}/v1/feedback`, { headers: { authorization: `Bearer ${KEYS.mine}` } })).status,
  ).toBe(405);
});

test("the comparison has the feedback of its arms", async () => {
  const { feedback: before } = (await scene.report("e")).arms[0] ?? {};
  const asked = await Promise.all([1, -1, 0.5, 0].map(async (score) => ({ score, id: (await scene.chat({})).id })));
  for (const { id, score } of asked) await scene.post("/v1/feedback", { request_id: id, score });
  const outside = await scene.chat({ model: "priceless" });
  await scene.post("/v1/feedback", { request_id: outside.id, score: 1 });
  const { feedback: after } = (await scene.report("e")).arms[0] ?? {};
  if (before === undefined || after === undefined) throw new Error("the first arm is missing");
  expect(after.count - before.count).toBe(4);
  expect(after.positive - before.positive).toBe(2);
  expect(after.negative - before.negative).toBe(1);
  expect(after.positive_rate?.value).toBe(after.positive / after.count);
});

test("feedback outlives the process", async () => {
  const { id } = await scene.chat({});
  await scene.post("/v1/feedback", { request_id: id, score: 1 });
  scene.gateway.kill("SIGKILL");
  await scene.gateway.exited;
  const again = await startGateway({ dir: scene.gateway.dir });
  try {
    const headers = { authorization: `Bearer ${again.adminToken}` };
    const record = (await (await fetch(`${again.url}/api/logs/${id}`, { headers })).json()) as { feedback: unknown[] };
    expect(record.feedback).toHaveLength(1);
  } finally {
    again.kill("SIGKILL");
    await again.exited;
  }
});
