import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { failure, KEYS, startScene, until, type Scene } from "./scene.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.stop());

describe("a provider that keeps no responses", () => {
  test("a conversation goes on from turn to turn, whole and streamed", async () => {
    const client = scene.openai();
    const first = await client.responses.create({ model: "plain/small", input: "one", instructions: "be short" });
    const second = await client.responses.create({
      model: "plain/small",
      input: "two",
      previous_response_id: first.id,
    });
    expect(second.output_text).toStartWith("3 messages");
    expect(second.previous_response_id).toBe(first.id);
    const stream = await client.responses.create({
      model: "plain/small",
      input: "three",
      previous_response_id: second.id,
      stream: true,
    });
    let last = "";
    for await (const event of stream) if (event.type === "response.completed") last = event.response.id;
    const fourth = await client.responses.create({ model: "plain/small", input: "four", previous_response_id: last });
    expect(fourth.output_text).toStartWith("7 messages");
  });

  test("retrieval right after the answer, input items, deletion", async () => {
    const client = scene.openai();
    const first = await client.responses.create({ model: "plain/small", input: "one" });
    const second = await client.responses.create({
      model: "plain/small",
      input: "two",
      previous_response_id: first.id,
    });
    expect((await client.responses.retrieve(second.id)).output_text).toBe(second.output_text);
    const items = await client.responses.inputItems.list(second.id, { order: "asc" });
    expect(items.data.map((item) => item.type)).toEqual(["message", "message", "message"]);
    const page = await client.responses.inputItems.list(second.id, { order: "desc", limit: 2 });
    expect(page.data.length).toBe(2);
    expect(page.has_more).toBe(true);
    await client.responses.delete(second.id);
    expect(await failure(client.responses.retrieve(second.id))).toMatchObject({ status: 404 });
  });

  test("has an id of the gateway's own, as providers may say the same one twice", async () => {
    const made = await scene.openai().responses.create({ model: "plain/small", input: "one" });
    expect(made.id).toMatch(/^resp_req_[0-9a-f]+$/);
    expect((await scene.openai().responses.retrieve(made.id)).id).toBe(made.id);
  });

  test("is seen by the caller's team and nobody else", async () => {
    const made = await scene.openai().responses.create({ model: "plain/small", input: "secret" });
    expect((await scene.openai(KEYS.mate).responses.retrieve(made.id)).id).toBe(made.id);
    const other = scene.openai(KEYS.two);
    expect(await failure(other.responses.retrieve(made.id))).toMatchObject({ status: 404 });
    expect(await failure(other.responses.delete(made.id))).toMatchObject({ status: 404 });
    expect(await failure(other.responses.inputItems.list(made.id))).toMatchObject({ status: 404 });
    const next = other.responses.create({ model: "plain/small", input: "x", previous_response_id: made.id });
    expect(await failure(next)).toMatchObject({ status: 404 });
  });

  test("store: false keeps nothing; conversations are refused", async () => {
    const client = scene.openai();
    const made = await client.responses.create({ model: "plain/small", input: "one", store: false });
    expect(await failure(client.responses.retrieve(made.id))).toMatchObject({ status: 404 });
    const talk = client.responses.create({ model: "plain/small", input: "one", conversation: "conv_1" });
    expect(await failure(talk)).toMatchObject({ status: 404 });
  });

  test("in the background: queued, then there; the next turn goes on from it", async () => {
    const client = scene.openai();
    const queued = await client.responses.create({ model: "plain/small", input: "later", background: true });
    expect(queued.status).toBe("queued");
    const done = await until(
      () => client.responses.retrieve(queued.id),
      ({ status }) => status === "completed",
    );
    expect(done.id).toBe(queued.id);
    expect(done.output_text).toContain("later");
    const next = await client.responses.create({
      model: "plain/small",
      input: "more",
      previous_response_id: queued.id,
    });
    expect(next.output_text).toStartWith("3 messages");
    expect(await failure(scene.openai(KEYS.two).responses.retrieve(queued.id))).toMatchObject({ status: 404 });
  });

  test("what was kept is there after kill -9", async () => {
    const made = await scene.openai().responses.create({ model: "plain/small", input: "before" });
    scene.gateway.kill("SIGKILL");
    await scene.gateway.exited;
    await scene.restart();
    expect((await scene.openai().responses.retrieve(made.id)).output_text).toBe(made.output_text);
  });
});

describe("a provider that keeps responses", () => {
  test("retrieve, items, cancel and delete go there, with the key that made it", async () => {
    const client = scene.openai();
    const ids = new Set<string>();
    for (let round = 0; round < 8; round += 1) {
      const made = await client.responses.create({ model: "openai/gpt-4o-mini", input: "x", background: true });
      ids.add(made.id);
    }
    for (const id of ids) expect((await client.responses.retrieve(id)).status).toBe("queued");
    const [id = ""] = ids;
    expect((await client.responses.inputItems.list(id)).data.length).toBe(1);
    expect((await client.responses.cancel(id)).status).toBe("cancelled");
    await client.responses.delete(id);
    expect(await failure(client.responses.retrieve(id))).toMatchObject({ status: 404 });
  });

  test("a further turn goes to the same provider and key, and to no other", async () => {
    const client = scene.openai();
    for (let round = 0; round < 6; round += 1) {
      const made = await client.responses.create({ model: "openai/gpt-4o-mini", input: "x" });
      const key = scene.keeper.seen.at(-1)?.headers["authorization"];
      const next = await client.responses.create({
        model: "openai/gpt-4o-mini",
        input: "y",
        previous_response_id: made.id,
      });
      expect(next.output_text).toBe(`after "${made.id}"`);
      expect(scene.keeper.seen.at(-1)?.headers["authorization"]).toBe(key);
    }
    const made = await client.responses.create({ model: "openai/gpt-4o-mini", input: "x" });
    const elsewhere = client.responses.create({ model: "plain/small", input: "y", previous_response_id: made.id });
    expect(await failure(elsewhere)).toMatchObject({ status: 400, param: "previous_response_id" });
  });

  test("is closed to other teams, though they share the provider's keys", async () => {
    const made = await scene.openai().responses.create({ model: "openai/gpt-4o-mini", input: "x" });
    const before = scene.keeper.seen.length;
    const other = scene.openai(KEYS.two);
    expect(await failure(other.responses.retrieve(made.id))).toMatchObject({ status: 404 });
    const next = other.responses.create({ model: "openai/gpt-4o-mini", input: "y", previous_response_id: made.id });
    expect(await failure(next)).toMatchObject({ status: 404 });
    expect(scene.keeper.seen.length).toBe(before);
  });
});

describe("a conversation", () => {
  const talk = async (key = KEYS.one): Promise<string> => (await scene.openai(key).conversations.create({})).id;

  test("is made, asked about, gone on from, and deleted where it was made, with the key that made it", async () => {
    const client = scene.openai();
    for (let round = 0; round < 6; round += 1) {
      const id = await talk();
      const key = scene.keeper.seen.at(-1)?.headers["authorization"];
      expect((await client.conversations.retrieve(id)).id).toBe(id);
      expect((await client.conversations.update(id, { metadata: { a: "b" } })).id).toBe(id);
      expect((await client.conversations.items.list(id)).data).toHaveLength(1);
      const item = await client.conversations.items.retrieve("msg_9", { conversation_id: id });
      expect(item as unknown).toMatchObject({ data: [{ id: "msg_9" }] });
      await client.responses.create({ model: "openai/gpt-4o-mini", input: "x", conversation: { id } });
      expect(scene.keeper.seen.at(-1)?.headers["authorization"]).toBe(key);
      expect(JSON.parse(scene.keeper.seen.at(-1)?.body ?? "{}")).toMatchObject({ conversation: { id } });
      await client.conversations.delete(id);
      expect(await failure(client.conversations.retrieve(id))).toMatchObject({ status: 404 });
    }
  });

  test("is seen by the caller's team and nobody else, and by no way around", async () => {
    const id = await talk();
    expect((await scene.openai(KEYS.mate).conversations.retrieve(id)).id).toBe(id);
    const before = scene.keeper.seen.length;
    const other = scene.openai(KEYS.two);
    const model = "openai/gpt-4o-mini";
    const attempts = [
      () => other.conversations.retrieve(id),
      () => other.conversations.items.list(id),
      () => other.conversations.delete(id),
      () => other.responses.create({ model, input: "y", conversation: id }),
      () => other.responses.create({ model, input: "y", conversation: { id } }),
      () => other.responses.create({ model, input: "y", conversation: "conv_made_elsewhere" }),
      () => other.responses.inputTokens.count({ model, input: "y", conversation: id }),
    ];
    for (const attempt of attempts) expect(await failure(attempt())).toMatchObject({ status: 404 });
    expect(scene.keeper.seen.length).toBe(before);
  });

  test("goes on at its provider, and not beside a response", async () => {
    const id = await talk();
    const elsewhere = scene.openai().responses.create({ model: "plain/small", input: "y", conversation: id });
    expect(await failure(elsewhere)).toMatchObject({ status: 400, param: "conversation" });
    const both = { conversation: id, previous_response_id: "resp_1" };
    const torn = scene.openai().responses.create({ model: "openai/gpt-4o-mini", input: "y", ...both });
    expect(await failure(torn)).toMatchObject({ status: 400, param: "conversation" });
  });
});

test("a generation by the id of its answer, for its own team", async () => {
  const made = await scene
    .openai()
    .chat.completions.create({ model: "plain/small", messages: [{ role: "user", content: "x" }] });
  const ask = (key: string): Promise<Response> =>
    fetch(`${scene.gateway.url}/openrouter/api/v1/generation?id=${made.id}`, {
      headers: { authorization: `Bearer ${key}` },
    });
  const found = await ask(KEYS.one);
  expect(found.status).toBe(200);
  expect(await found.json()).toMatchObject({
    data: { id: made.id, provider_name: "plain", tokens_prompt: 10, total_cost: 0.00002 },
  });
  expect((await ask(KEYS.two)).status).toBe(404);
});

test("a compaction goes to a provider that has it, and is charged; others are refused", async () => {
  const client = scene.openai();
  const made = await client.responses.compact({ model: "openai/gpt-4o-mini", input: "long" });
  expect(made.usage.output_tokens).toBe(2);
  expect(scene.keeper.seen.at(-1)).toMatchObject({ target: "/v1/responses/compact" });
  expect(JSON.parse(scene.keeper.seen.at(-1)?.body ?? "{}")).toEqual({ model: "gpt-4o-mini", input: "long" });
  const refused = client.responses.compact({ model: "plain/small", input: "long" });
  expect(await failure(refused)).toMatchObject({ status: 400, param: "model" });
});
