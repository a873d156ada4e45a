import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import OpenAI, { APIError } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { startDemoServer, type DemoServer } from "./server.ts";
import { DEMO_MODELS, DEMO_PRICES } from "./models.ts";
import { countTokens } from "./tokens.ts";

let server: DemoServer;
let client: OpenAI;

beforeAll(() => {
  server = startDemoServer();
  client = new OpenAI({ apiKey: "none", baseURL: server.url, maxRetries: 0 });
});
afterAll(() => server.stop());

type Params = OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming;

const QUICK = { latency_ms: 0, tokens_per_second: 100_000 };
const ask = (fields: Partial<Params> & { demo?: object }, text = "Hi there"): Params =>
  ({
    model: "demo-fast",
    messages: [{ role: "user", content: text }],
    ...fields,
    demo: { ...QUICK, ...fields.demo },
  }) as Params;

const complete = (fields: Partial<Params> & { demo?: object }, text?: string) =>
  client.chat.completions.create(ask(fields, text));

async function fail(call: Promise<unknown>): Promise<APIError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  throw new Error("the call did not fail");
}

const WEATHER = {
  type: "function",
  function: {
    name: "get_weather",
    parameters: {
      type: "object",
      properties: { city: { type: "string" }, days: { type: "integer", minimum: 1 } },
      required: ["city"],
    },
  },
} as const;

describe("plain answers", () => {
  test("have the API's form and true counts", async () => {
    const answer = await complete({});
    expect(answer.object).toBe("chat.completion");
    const [choice] = answer.choices;
    expect(choice?.finish_reason).toBe("stop");
    expect(choice?.message).toMatchObject({ role: "assistant", refusal: null });
    expect(choice?.message.content).toContain("“Hi there”");
    expect(answer.usage?.completion_tokens).toBe(countTokens(choice?.message.content ?? ""));
    expect(answer.usage?.prompt_tokens).toBe(4 + countTokens("Hi there"));
    expect(answer.usage?.total_tokens).toBe(
      (answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0),
    );
  });

  test("are the same for the same prompt, and differ by seed and choice", async () => {
    const text = async (fields: Partial<Params>) =>
      (await complete(fields)).choices.map((choice) => choice.message.content);
    const [first] = await text({});
    expect(await text({})).toEqual([first ?? null]);
    const several = await text({ n: 3, seed: 1 });
    expect(several).toHaveLength(3);
    expect(new Set([...several, first]).size).toBeGreaterThan(2);
  });

  test("end at the token limit and at stop texts", async () => {
    const short = await complete({ max_completion_tokens: 5 });
    expect(short.choices[0]?.finish_reason).toBe("length");
    expect(short.usage?.completion_tokens).toBe(5);
    const stopped = await complete({ stop: ["ee"], demo: { text: "one two three four" } });
    expect(stopped.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "one two thr" } });
  });

  test("carry log probabilities when asked to", async () => {
    const answer = await complete({ logprobs: true, top_logprobs: 2, demo: { text: "Hello world" } });
    const entries = answer.choices[0]?.logprobs?.content ?? [];
    expect(entries.map((entry) => entry.token).join("")).toBe("Hello world");
    expect(entries.every((entry) => entry.logprob <= 0 && entry.top_logprobs.length === 2)).toBe(true);
    expect(entries[0]?.top_logprobs[0]?.logprob).toBe(entries[0]?.logprob as number);
  });

  test("demo-reasoner thinks aloud first, within the limit", async () => {
    const answer = await complete({ model: "demo-reasoner" });
    const message = answer.choices[0]?.message as unknown as { reasoning_content: string };
    expect(answer.usage?.completion_tokens_details?.reasoning_tokens).toBe(countTokens(message.reasoning_content));
    expect(message.reasoning_content.length).toBeGreaterThan(20);
    const cut = await complete({ model: "demo-reasoner", max_completion_tokens: 3 });
    expect(cut.choices[0]).toMatchObject({ finish_reason: "length", message: { content: "" } });
    expect(cut.usage?.completion_tokens).toBe(3);
  });

  test("demo-vision says what it got", async () => {
    const answer = await client.chat.completions.create({
      model: "demo-vision",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: `data:image/png;base64,${btoa("12345")}` } },
            { type: "image_url", image_url: { url: "https://example.com/cat.jpg" } },
          ],
        },
      ],
    });
    expect(answer.choices[0]?.message.content).toContain(
      "an image (image/png, 5 bytes) and an image (https://example.com/cat.jpg)",
    );
  });
});

describe("streams", () => {
  const chunksOf = async (
    fields: Omit<Partial<OpenAI.Chat.Completions.ChatCompletionCreateParams>, "stream"> & { demo?: object },
  ) => {
    const chunks: OpenAI.Chat.Completions.ChatCompletionChunk[] = [];
    for await (const chunk of await client.chat.completions.create({ ...ask(fields), stream: true }))
      chunks.push(chunk);
    return chunks;
  };

  test("come word by word and add up to the plain answer", async () => {
    const plain = await complete({ n: 2 });
    const chunks = await chunksOf({ n: 2, stream_options: { include_usage: true } });
    for (const { index, message } of plain.choices) {
      const own = chunks.flatMap((chunk) => chunk.choices.filter((choice) => choice.index === index));
      expect(own[0]?.delta.role).toBe("assistant");
      expect(own.map((choice) => choice.delta.content ?? "").join("")).toBe(message.content as string);
      expect(own.at(-1)?.finish_reason).toBe("stop");
    }
    expect(chunks.filter((chunk) => chunk.choices[0]?.delta.content).length).toBeGreaterThan(10);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: JSON.parse(JSON.stringify(plain.usage)) });
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
  });

  test("have usage only on request, and end with the mark", async () => {
    const chunks = await chunksOf({});
    expect(chunks.every((chunk) => !("usage" in chunk))).toBe(true);
    const raw = await fetch(`${server.url}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ ...ask({}), stream: true }),
    });
    expect(raw.headers.get("content-type")).toContain("text/event-stream");
    expect((await raw.text()).endsWith("data: [DONE]\n\n")).toBe(true);
  });

  test("the SDK's stream helper gathers text, tool calls and structured output", async () => {
    const stream = client.chat.completions.stream({
      ...ask({ model: "demo-tools", tools: [WEATHER] }),
      stream: true,
    });
    const final = await stream.finalChatCompletion();
    const call = final.choices[0]?.message.tool_calls?.[0];
    expect(final.choices[0]?.finish_reason).toBe("tool_calls");
    expect(call).toMatchObject({ type: "function", function: { name: "get_weather" } });
    const plain = await complete({ model: "demo-tools", tools: [WEATHER] });
    const same = plain.choices[0]?.message.tool_calls?.[0];
    expect(call?.type === "function" && same?.type === "function" && call.function.arguments).toBe(
      (same as { function: { arguments: string } }).function.arguments,
    );
  });
});

describe("tools", () => {
  const callOf = (answer: OpenAI.Chat.Completions.ChatCompletion) => answer.choices[0]?.message.tool_calls?.[0];

  test("demo-tools calls the first tool with fitting arguments, then answers from the result", async () => {
    const first = await complete({ model: "demo-tools", tools: [WEATHER] });
    const call = callOf(first);
    if (call?.type !== "function") throw new Error("no call");
    const args = z.object({ city: z.string().min(1), days: z.int().min(1) }).parse(JSON.parse(call.function.arguments));
    expect(first.choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { content: null } });
    const second = await client.chat.completions.create({
      model: "demo-tools",
      tools: [WEATHER],
      messages: [
        { role: "user", content: "Weather?" },
        { role: "assistant", tool_calls: [call] },
        { role: "tool", tool_call_id: call.id, content: `sunny in ${args.city}` },
      ],
    });
    expect(second.choices[0]?.message.content).toBe(`get_weather says: sunny in ${args.city}`);
    expect(second.choices[0]?.finish_reason).toBe("stop");
  });

  test("the choice of tools is honoured by every model", async () => {
    const other = { type: "function", function: { name: "other" } } as const;
    const tools = [WEATHER, other];
    expect(callOf(await complete({ tools }))).toBeUndefined();
    expect(callOf(await complete({ tools, tool_choice: "required" }))).toMatchObject({
      function: { name: "get_weather" },
    });
    expect(callOf(await complete({ tools, tool_choice: other }))).toMatchObject({
      function: { name: "other", arguments: "{}" },
    });
    expect(callOf(await complete({ model: "demo-tools", tools, tool_choice: "none" }))).toBeUndefined();
    const allowed = {
      type: "allowed_tools" as const,
      allowed_tools: { mode: "required" as const, tools: [{ ...other }] },
    } satisfies OpenAI.Chat.ChatCompletionAllowedToolChoice;
    expect(callOf(await complete({ tools, tool_choice: allowed }))).toMatchObject({ function: { name: "other" } });
    const refused = await fail(complete({ tools: [WEATHER], tool_choice: other }));
    expect(refused).toMatchObject({ status: 400, param: "tool_choice" });
  });

  test("custom tools get free text", async () => {
    const answer = await complete(
      { model: "demo-tools", tools: [{ type: "custom", custom: { name: "shell" } }] },
      "ls -l",
    );
    expect(callOf(answer)).toMatchObject({ type: "custom", custom: { name: "shell", input: "ls -l" } });
  });
});

test("structured output fits the schema", async () => {
  const shape = z.object({
    city: z.string(),
    kind: z.enum(["a", "b"]),
    temperatures: z.array(z.number().min(-50).max(50)),
    nested: z.object({ ok: z.boolean(), note: z.string().nullable() }),
  });
  const answer = await client.chat.completions.parse(
    ask({ model: "demo-json", response_format: zodResponseFormat(shape, "report") }),
  );
  expect(answer.choices[0]?.message.parsed).toBeTruthy();
  const free = await complete({ model: "demo-json" });
  expect(JSON.parse(free.choices[0]?.message.content ?? "")).toMatchObject({ simulated: true });
});

describe("failures", () => {
  test("on request, in the API's form", async () => {
    for (const status of [400, 401, 403, 404, 429, 500, 502, 503]) {
      expect((await fail(complete({ demo: { fail: String(status) } }))).status).toBe(status);
    }
    const limited = await fail(complete({ model: "demo-error-429" }));
    expect(limited.headers?.get("retry-after")).toBe("1");
    expect(limited.code).toBe("rate_limit_exceeded");
    expect((await fail(complete({ model: "demo-error-401" }))).code).toBe("invalid_api_key");
  });

  test("also by a mark in the message or a header", async () => {
    expect((await fail(complete({}, "x [demo fail=503] y"))).status).toBe(400 + 103);
    const body = {
      model: "demo-fast",
      messages: [{ role: "user", content: '[demo text="as told" latency_ms=0] hello' }],
    };
    const answer = await fetch(`${server.url}/chat/completions`, { method: "POST", body: JSON.stringify(body) });
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: "as told" } }] });
    const headed = { method: "POST", headers: { "x-demo": "fail=502" }, body: JSON.stringify(body) };
    expect((await fetch(`${server.url}/chat/completions`, headed)).status).toBe(502);
  });

  test("demo-flaky fails every third call", async () => {
    const own = startDemoServer();
    const statuses: number[] = [];
    for (let call = 0; call < 6; call += 1) {
      const body = JSON.stringify(ask({ model: "demo-flaky" }));
      statuses.push((await fetch(`${own.url}/chat/completions`, { method: "POST", body })).status);
    }
    own.stop();
    expect(statuses).toEqual([200, 200, 500, 200, 200, 500]);
  });

  const partial = async (fields: object) => {
    const body = JSON.stringify({ ...ask({}), ...fields });
    const answer = await fetch(`${server.url}/chat/completions`, { method: "POST", body });
    let text = "";
    const decoder = new TextDecoder();
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return { text, broken: false };
        text += decoder.decode(value, { stream: true });
      }
    } catch {
      return { text, broken: true };
    }
  };

  test("a cut breaks the connection midway, in streams and plain answers", async () => {
    const stream = await partial({ model: "demo-cut", stream: true });
    expect(stream.broken).toBe(true);
    expect(stream.text).toContain('"content":"');
    expect(stream.text).not.toContain("[DONE]");
    const plain = await partial({ demo: { ...QUICK, fail: "cut" } });
    expect(plain.broken).toBe(true);
    expect(plain.text.startsWith("{")).toBe(true);
  });

  test("an error event ends a stream without the terminal mark", async () => {
    const { text, broken } = await partial({ stream: true, demo: { ...QUICK, fail: "error_event" } });
    expect(broken).toBe(false);
    expect(text.trimEnd().split("\n\n").at(-1)).toContain('{"error":');
  });

  test("a stall sends something, then nothing, until the client goes", async () => {
    const control = new AbortController();
    const body = JSON.stringify({ ...ask({ model: "demo-stall" }), stream: true });
    const answer = await fetch(`${server.url}/chat/completions`, { method: "POST", body, signal: control.signal });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    expect((await reader.read()).done).toBe(false);
    const silent = Symbol("silent");
    let state: unknown;
    do {
      state = await Promise.race([reader.read(), Bun.sleep(150).then(() => silent)]);
    } while (state !== silent && !(state as { done: boolean }).done);
    expect(state).toBe(silent);
    control.abort();
  });

  test("requests that the real API refuses are refused", async () => {
    const refusals: [object, number][] = [
      [{}, 400],
      [{ model: "demo-fast" }, 400],
      [{ model: "demo-fast", messages: [] }, 400],
      [{ model: "demo-fast", messages: [{ role: "robot", content: "x" }] }, 400],
      [{ model: "demo-fast", messages: [null] }, 400],
      [{ ...ask({}), n: 0 }, 400],
      [{ ...ask({}), max_tokens: "5" }, 400],
      [{ ...ask({}), response_format: { type: "json_schema" } }, 400],
      [{ ...ask({}), model: "gpt-4o" }, 404],
      [[], 400],
    ];
    for (const [body, status] of refusals) {
      const answer = await fetch(`${server.url}/chat/completions`, { method: "POST", body: JSON.stringify(body) });
      expect([JSON.stringify(body), answer.status]).toEqual([JSON.stringify(body), status]);
      expect(await answer.json()).toMatchObject({
        error: { type: "invalid_request_error", message: expect.any(String) },
      });
    }
    expect((await fetch(`${server.url}/chat/completions`, { method: "POST", body: "{" })).status).toBe(400);
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404);
  });
});

describe("embeddings", () => {
  const vectorsOf = async (input: string[], encoding: "float" | "base64") => {
    const answer = await client.embeddings.create({ model: "demo-embed", input, encoding_format: encoding });
    return answer.data.map(({ embedding }) => embedding as unknown);
  };

  test("texts with the same words are more alike than others; the same text has the same vector", async () => {
    const texts = ["I want a refund", "please refund me", "compile this program", "I want a refund"];
    const [one = [], near = [], far = [], same = []] = (await vectorsOf(texts, "float")) as number[][];
    const likeness = (other: number[]) => one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
    expect(likeness(near)).toBeGreaterThan(likeness(far) + 0.3);
    expect(same).toEqual(one);
    expect(likeness(one)).toBeCloseTo(1, 5);
  });

  test("base64 is of the same floats", async () => {
    const [floats] = (await vectorsOf(["a refund"], "float")) as number[][];
    const [text] = (await vectorsOf(["a refund"], "base64")) as string[];
    expect([...new Float32Array(Uint8Array.from(Buffer.from(text ?? "", "base64")).buffer)]).toEqual(floats ?? []);
  });

  test.each([{ body: { input: 7 } }, { body: { input: [[1, 2]] } }, { body: {} }, { body: [] }])(
    "$body is refused",
    async ({ body }) => {
      const answer = await fetch(`${server.url}/embeddings`, { method: "POST", body: JSON.stringify(body) });
      expect(answer.status).toBe(400);
    },
  );
});

test("the list of models, each with an invented price", async () => {
  const ids: string[] = [];
  for await (const model of client.models.list()) ids.push(model.id);
  expect(ids).toEqual([...DEMO_MODELS.map((model) => model.id), "demo-embed"]);
  expect(Object.keys(DEMO_PRICES)).toEqual(ids);
  expect((await client.models.retrieve("demo-fast")).owned_by).toBe("demo");
  expect((await fail(client.models.retrieve("gpt-4o"))).status).toBe(404);
});
