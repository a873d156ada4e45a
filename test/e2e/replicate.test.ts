import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";

const SECRET = "r8_secret_of_replicate";
const MODEL = "replicate/meta/meta-llama-3-70b-instruct";

let mock: MockUpstream;
let gateway: Gateway;
/** What the mock answers; the last match wins. */
let plays: [holding: string, steps: Step[] | ((request: MockRequest) => Step[])][] = [];
beforeAll(async () => {
  mock = await startMockUpstream((request) => {
    const found = plays.findLast(([holding]) => `${request.method} ${request.path}`.includes(holding))?.[1];
    if (found === undefined) return jsonAnswer({ title: "Not found", detail: "nothing to play", status: 404 }, 404);
    return typeof found === "function" ? found(request) : found;
  });
  const config = {
    providers: {
      replicate: {
        base_url: `${mock.url}/v1`,
        keys: [{ name: "main", value: SECRET }],
        network: { max_retries: 0 },
        pricing: { "*": { input: 1, output: 10 } },
      },
    },
  };
  gateway = await startGateway({ config });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});
beforeEach(() => {
  plays = [];
  mock.requests.length = 0;
});

const prediction = (more: object = {}): object => ({
  id: "p1",
  status: "starting",
  input: {},
  output: null,
  error: null,
  created_at: "2026-01-01T00:00:00Z",
  urls: { get: `${mock.url}/v1/predictions/p1`, stream: `${mock.url}/streams/p1` },
  ...more,
});
const DONE = {
  status: "succeeded",
  output: ["Hel", "lo"],
  metrics: { input_token_count: 7, output_token_count: 2, predict_time: 0.3 },
};
const BEGIN = "POST /v1/models/meta/meta-llama-3-70b-instruct/predictions";
const LOOK = "GET /v1/predictions/p1";

function ask(path: string, body: object): Promise<Response> {
  return fetch(`${gateway.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
    body: JSON.stringify({ model: MODEL, ...body }),
  });
}

async function recordOf(model: string): Promise<object> {
  for (let round = 0; round < 200; round += 1) {
    const found = (await gateway.records(1)).find((record) => record.requested_model === model);
    if (found !== undefined) return { ...found };
    await Bun.sleep(25);
  }
  throw new Error(`no record of ${model}`);
}

const MESSAGES = { messages: [{ role: "user", content: "Hi" }] };
/** Clients of three dialects, and how their answers hold the text. */
const CLIENTS: [path: string, body: object, text: RegExp][] = [
  ["/v1/chat/completions", MESSAGES, /"content":"(Hello|Hel|lo)"/],
  ["/v1/messages", { max_tokens: 9, ...MESSAGES }, /"text":"(Hello|Hel|lo)"/],
  ["/v1/responses", { input: "Hi" }, /"(?:text|delta)":"(Hello|Hel|lo)"/],
];

describe.each(CLIENTS)("%s", (path, body, text) => {
  test("a prediction that is done at once", async () => {
    plays = [[BEGIN, jsonAnswer(prediction(DONE), 201)]];
    const response = await ask(path, body);
    expect([response.status, (await response.text()).match(text)?.[1]]).toEqual([200, "Hello"]);
    const [call] = mock.requests;
    expect(call?.headers).toMatchObject({ authorization: `Bearer ${SECRET}`, prefer: "wait=30" });
  });

  test("one that is not is looked at until it is", async () => {
    let looks = 0;
    const look = (): Step[] => jsonAnswer(prediction((looks += 1) < 2 ? { status: "processing" } : DONE));
    plays = [
      [BEGIN, jsonAnswer(prediction({ status: "processing" }), 201)],
      [LOOK, look],
    ];
    const response = await ask(path, body);
    expect([looks, (await response.text()).match(text)?.[1]]).toEqual([2, "Hello"]);
  });

  test("a stream", async () => {
    const events = ["event: output\ndata: Hel\n\n", "event: output\ndata: lo\n\n", "event: done\ndata: {}\n\n"];
    plays = [
      [BEGIN, jsonAnswer(prediction(), 201)],
      ["GET /streams/p1", streamAnswer(events, 5)],
    ];
    const response = await ask(path, { ...body, stream: true });
    expect(response.headers.get("content-type")).toStartWith("text/event-stream");
    const pieces = [...(await response.text()).matchAll(new RegExp(text, "g"))].map(([, piece]) => piece);
    expect(pieces.slice(0, 2)).toEqual(["Hel", "lo"]);
    const call = mock.requests.at(-1);
    expect(call?.headers).toMatchObject({ authorization: `Bearer ${SECRET}`, accept: "text/event-stream" });
    expect(JSON.parse(mock.requests[0]?.body.toString() ?? "")).toMatchObject({ stream: true });
  });

  test("a model that does not stream", async () => {
    plays = [
      [BEGIN, jsonAnswer(prediction({ urls: {} }), 201)],
      [LOOK, jsonAnswer(prediction(DONE))],
    ];
    const response = await ask(path, { ...body, stream: true });
    expect(response.headers.get("content-type")).toStartWith("text/event-stream");
    expect((await response.text()).match(text)?.[1]).toBe("Hello");
  });
});

test("tokens are those that the provider counts, and cost what they cost", async () => {
  plays = [["POST /v1/predictions", jsonAnswer(prediction(DONE), 201)]];
  const model = "replicate/acme/llm:5c7d5dc6";
  const response = await ask("/v1/chat/completions", { ...MESSAGES, model });
  expect(await response.json()).toMatchObject({ usage: { prompt_tokens: 7, completion_tokens: 2 } });
  expect(JSON.parse(mock.requests[0]?.body.toString() ?? "")).toMatchObject({ version: "5c7d5dc6" });
  expect(await recordOf(model)).toMatchObject({
    provider: "replicate",
    input_tokens: 7,
    output_tokens: 2,
    cost_nano_usd: 27_000,
  });
});

describe("what goes wrong", () => {
  test("an address that is not the provider's own is not followed", async () => {
    plays = [[BEGIN, jsonAnswer(prediction({ urls: { stream: "https://evil.test/x" } }), 201)]];
    const response = await ask("/v1/chat/completions", { ...MESSAGES, stream: true });
    expect([response.status, await response.text()]).toEqual([502, expect.stringContaining("none of its own")]);
    expect(mock.requests).toHaveLength(1);
  });

  test("refusals are told in the provider's words", async () => {
    const detail = "- input: prompt is required";
    plays = [[BEGIN, jsonAnswer({ title: "Input validation failed", detail, status: 422 }, 422)]];
    const response = await ask("/v1/chat/completions", MESSAGES);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining(detail) } });
  });

  test("a failed prediction, whole and in a stream before its first word", async () => {
    plays = [[BEGIN, jsonAnswer(prediction({ status: "failed", error: "CUDA out of memory" }), 201)]];
    const whole = await ask("/v1/chat/completions", MESSAGES);
    expect([whole.status, await whole.text()]).toEqual([502, expect.stringContaining("CUDA out of memory")]);
    plays = [
      [BEGIN, jsonAnswer(prediction(), 201)],
      ["GET /streams/p1", streamAnswer(['event: error\ndata: {"detail":"no GPU"}\n\n'])],
    ];
    const streamed = await ask("/v1/chat/completions", { ...MESSAGES, stream: true });
    expect([streamed.status, await streamed.text()]).toEqual([502, expect.stringContaining("no GPU")]);
  });
});

test("images are waited for", async () => {
  const output = ["https://replicate.delivery/a.webp"];
  plays = [
    ["POST /v1/models/black-forest-labs/flux-schnell/predictions", jsonAnswer(prediction(), 201)],
    [LOOK, jsonAnswer(prediction({ status: "succeeded", output }))],
  ];
  const model = "replicate/black-forest-labs/flux-schnell";
  const response = await ask("/v1/images/generations", { model, prompt: "A cat", go_fast: true });
  expect(await response.json()).toMatchObject({ data: [{ url: output[0] }] });
  const sent = JSON.parse(mock.requests[0]?.body.toString() ?? "");
  expect(sent).toEqual({ input: { go_fast: true, prompt: "A cat" } });
});
