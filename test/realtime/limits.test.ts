import { afterEach, describe, expect, test } from "bun:test";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { connect, until } from "./client.ts";
import { answerEvents, speakRealtime } from "./openai-provider.ts";
import { KEY, startScene, type Scene } from "./scene.ts";

let scene: Scene;
afterEach(() => scene.stop());

const options = { headers: { authorization: `Bearer ${KEY}` } };
const open = () => connect(`${scene.gateway.url}/v1/realtime?model=openai/gpt-realtime`, options);

/** 4,000 tokens of speech and 100 of input: 25.6 and a little cents. */
const DEAR = {
  input_tokens: 100,
  output_tokens: 4000,
  input_token_details: { text_tokens: 100 },
  output_token_details: { audio_tokens: 4000 },
};

async function answerEach(usage: object): Promise<void> {
  scene.play = (socket) =>
    speakRealtime(socket, (it) => {
      for (const event of answerEvents("Hello there", usage)) it.text(event);
    });
}

describe("limits of a session", () => {
  test("a budget that has no room for the next answer ends it; what was used is charged, nothing stays held", async () => {
    scene = await startScene({ budgets: [{ limit_usd: 0.5, period: "1d" }] });
    await answerEach(DEAR);
    const client = open();
    await client.event("session.created");
    client.send({ type: "response.create" });
    expect(await client.event("error")).toMatchObject({ error: { code: "budget_exceeded" } });
    expect(client.events.some(({ type }) => type === "response.done")).toBe(true);
    expect(await client.closed).toMatchObject({ code: 1008 });
    const [record] = (await scene.gateway.records(1)) as [RequestRecord];
    expect(record).toMatchObject({ outcome: "budget_exceeded", status: 101, cost_nano_usd: 256_400_000 });
    expect(record.charges).toMatchObject([{ amount: 256_400_000 }]);
    await until(() => scene.upstream.sockets[0]?.closed === 1001, "the provider is let go");
    expect(await open().opened.catch((error: Error) => error.message)).toContain("402");
    const records = await scene.gateway.records(2);
    expect(records).toHaveLength(2);
    expect(records[1]).toMatchObject({ error_code: "budget_exceeded", cost_nano_usd: 0, charges: [] });
  });

  test("a session holds the worst case of its next answer, and gives back what it did not use", async () => {
    scene = await startScene({ budgets: [{ limit_usd: 0.6, period: "1d" }] });
    await answerEach({ ...DEAR, output_tokens: 10, output_token_details: { audio_tokens: 10 } });
    const first = open();
    await first.event("session.created");
    first.send({ type: "response.create" });
    await first.event("response.done");
    expect(await open().opened.catch((error: Error) => error.message)).toContain("402");
    first.socket.close();
    await first.closed;
    await scene.gateway.records(2);
    const second = open();
    await second.event("session.created");
    second.socket.close();
    await second.closed;
    const records = await scene.gateway.records(3);
    expect(records.map(({ outcome }) => outcome).toSorted()).toEqual(["budget_exceeded", "success", "success"]);
  });

  test("tokens are limited as usage arrives", async () => {
    scene = await startScene({ rate_limits: [{ metric: "tokens", limit: 6000, window: "1h" }] });
    await answerEach(DEAR);
    const client = open();
    await client.event("session.created");
    client.send({ type: "response.create" });
    expect(await client.event("error")).toMatchObject({ error: { code: "rate_limited" } });
    expect(await client.closed).toMatchObject({ code: 1008 });
    const [record] = (await scene.gateway.records(1)) as [RequestRecord];
    expect(record).toMatchObject({ outcome: "rate_limited", charges: [{ amount: 4100 }] });
  });

  test("what its provider takes is limited at the provider's prices, whatever the caller is charged", async () => {
    const budgets = [{ limit_usd: 0.5, period: "1d" }];
    scene = await startScene({ pricing: { "openai/*": { input: 0, output: 0 } } }, {}, { budgets });
    await answerEach(DEAR);
    const client = open();
    await client.event("session.created");
    client.send({ type: "response.create" });
    expect(await client.event("error")).toMatchObject({ error: { code: "provider_limited" } });
    const [record] = (await scene.gateway.records(1)) as [RequestRecord];
    expect(record).toMatchObject({ cost_nano_usd: 0, charges: [{ amount: 256_400_000 }] });
  });

  test("a session is one request", async () => {
    scene = await startScene({ rate_limits: [{ metric: "requests", limit: 2, window: "1h" }] });
    await answerEach(DEAR);
    for (let round = 0; round < 2; round += 1) {
      const client = open();
      await client.event("session.created");
      for (let answer = 0; answer < 3; answer += 1) {
        const before = client.events.length;
        client.send({ type: "response.create" });
        await client.event("response.done", before);
      }
      client.socket.close();
      await client.closed;
    }
    expect(await open().opened.catch((error: Error) => error.message)).toContain("429");
    const records = await scene.gateway.records(3);
    expect(records.map(({ charges }) => charges[0]?.amount)).toEqual([1, 1, undefined]);
  });

  test("where no key is needed, pages of other origins still need one", async () => {
    scene = await startScene({}, { access: { require_virtual_key: false } });
    scene.play = (socket) => speakRealtime(socket);
    const url = `${scene.gateway.url}/v1/realtime?model=openai/gpt-realtime`;
    const page = connect(url, { headers: { origin: "https://other.example" } });
    expect(await page.opened.catch((error: Error) => error.message)).toContain("401");
    for (const headers of [
      {},
      { origin: scene.gateway.url },
      { ...options.headers, origin: "https://other.example" },
    ]) {
      const client = connect(url, { headers });
      await client.event("session.created");
      client.socket.close();
      await client.closed;
    }
  });

  test("a drain ends what is left at its deadline with 1001 and a record", async () => {
    scene = await startScene();
    scene.play = (socket) => speakRealtime(socket);
    const sessions = Array.from({ length: 8 }, open);
    await Promise.all(sessions.map((client) => client.event("session.created")));
    const idle = connect(`${scene.gateway.url}/v1/responses`, options);
    await idle.opened;
    scene.gateway.kill("SIGTERM");
    expect(await idle.closed).toMatchObject({ code: 1001 });
    for (const client of sessions) {
      expect(await client.closed).toMatchObject({ code: 1001 });
      expect(client.events.at(-1)).toMatchObject({ error: { code: "draining" } });
    }
    expect(await scene.gateway.exited).toBe(0);
    const records = await scene.gateway.records(8);
    expect(records.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 8 }, () => "drained"));
  });
});

describe("bounds of a provider", () => {
  test("a session has its room until it ends", async () => {
    scene = await startScene({}, {}, { concurrency: { limit: 1, queue: 0 } });
    await answerEach(DEAR);
    const first = open();
    await first.event("session.created");
    expect(await open().opened.catch((error: Error) => error.message)).toContain("503");
    first.socket.close();
    await first.closed;
    await scene.gateway.records(2);
    const second = open();
    await second.event("session.created");
    second.socket.close();
    await second.closed;
    expect((await scene.gateway.records(3)).map(({ error_code: code }) => code ?? "none").toSorted()).toEqual([
      "none",
      "none",
      "overloaded",
    ]);
  });

  test("limits of its key hold for what a session uses, without telling how much that is", async () => {
    const keys = [
      {
        name: "main",
        value: "sk-upstream-secret-0001",
        rate_limits: [{ metric: "tokens", limit: 6000, window: "1h" }],
      },
    ];
    scene = await startScene({}, {}, { keys });
    await answerEach(DEAR);
    const client = open();
    await client.event("session.created");
    client.send({ type: "response.create" });
    const told = await client.event("error");
    expect(told).toMatchObject({ error: { code: "provider_limited" } });
    expect(JSON.stringify(told)).not.toContain("6000");
    const [record] = (await scene.gateway.records(1)) as [RequestRecord];
    expect(record).toMatchObject({
      error_code: "provider_limited",
      charges: [{ counter: "tokens:provider_key:openai/main:1h", amount: 4100 }],
    });
  });
});
