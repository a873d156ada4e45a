import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { toFile } from "openai";
import { chatAnswer, failure, KEYS, startScene, until, type Scene } from "./scene.ts";

let scene: Scene;
/** Answers of the plain provider wait for this; null: they do not. */
let gate: Promise<void> | null = null;

beforeAll(async () => {
  scene = await startScene({
    chat: async (_, body) => {
      await gate;
      if (body.includes("fail-this")) return Response.json({ error: { message: "no", type: "x" } }, { status: 400 });
      return chatAnswer(body);
    },
  });
});
afterAll(() => scene.stop());

function line(id: string, content: string, model = "plain/small"): string {
  const body = { model, messages: [{ role: "user", content }] };
  return JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body });
}

async function upload(text: string, key = KEYS.one): Promise<string> {
  const file = await toFile(Buffer.from(text), "lines.jsonl");
  return (await scene.openai(key).files.create({ file, purpose: "batch" })).id;
}

async function start(text: string, key = KEYS.one) {
  const input = await upload(text, key);
  return scene.openai(key).batches.create({
    input_file_id: input,
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
    metadata: { a: "b" },
  });
}

function ended(id: string, key = KEYS.one) {
  const client = scene.openai(key);
  return until(
    () => client.batches.retrieve(id),
    ({ status }) => ["completed", "cancelled", "failed", "expired"].includes(status),
  );
}

async function linesOf(id: string | null | undefined, key = KEYS.one) {
  if (id == null) return [];
  const text = await (await scene.openai(key).files.content(id)).text();
  return text
    .trim()
    .split("\n")
    .map((each) => JSON.parse(each));
}

describe("files that are kept here", () => {
  test("upload, list, retrieve, content, delete", async () => {
    const client = scene.openai();
    const file = await client.files.create({
      file: await toFile(Buffer.from("a\u0000\u00ffb"), "x.bin"),
      purpose: "user_data",
    });
    expect(file).toMatchObject({ object: "file", bytes: 5, filename: "x.bin", purpose: "user_data" });
    expect((await client.files.retrieve(file.id)).id).toBe(file.id);
    expect(await (await client.files.content(file.id)).text()).toBe("a\u0000\u00ffb");
    const listed = await client.files.list({ purpose: "user_data" });
    expect(listed.data.map(({ id }) => id)).toContain(file.id);
    expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: "file", deleted: true });
    expect(await failure(client.files.retrieve(file.id))).toMatchObject({ status: 404 });
  });

  test("another team sees none of them", async () => {
    const id = await upload(line("a", "x"));
    const other = scene.openai(KEYS.two);
    for (const call of [() => other.files.retrieve(id), () => other.files.content(id), () => other.files.delete(id)]) {
      expect(await failure(call())).toMatchObject({ status: 404 });
    }
    expect((await other.files.list()).data).toEqual([]);
    const batch = other.batches.create({
      input_file_id: id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    expect(await failure(batch)).toMatchObject({ status: 404 });
    expect((await scene.openai(KEYS.mate).files.retrieve(id)).id).toBe(id);
  });

  test("garbage is refused with what is wrong", async () => {
    const send = (body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${scene.gateway.url}/v1/files`, {
        method: "POST",
        body,
        headers: { authorization: `Bearer ${KEYS.one}`, ...headers },
      });
    const form = (fields: Record<string, string | Blob>): FormData => {
      const data = new FormData();
      for (const [name, value] of Object.entries(fields)) data.append(name, value);
      return data;
    };
    expect((await send(form({ purpose: "batch" }))).status).toBe(400);
    expect((await send(form({ file: new File(["x"], "x") }))).status).toBe(400);
    expect((await send("--x\r\ngarbage", { "content-type": "multipart/form-data; boundary=x" })).status).toBe(400);
    expect((await send("{}", { "content-type": "application/json" })).status).toBe(400);
    expect((await send(form({ file: new File([], "empty"), purpose: "batch" }))).status).toBe(200);
    expect(
      (await send(form({ file: new File([new Uint8Array(40 * 1024 * 1024)], "big"), purpose: "batch" }))).status,
    ).toBe(413);
    for (const id of ["file-..%2f..%2fetc", "..%2f..%2fx", "file-x%00"]) {
      const response = await fetch(`${scene.gateway.url}/v1/files/${id}/content`, {
        headers: { authorization: `Bearer ${KEYS.one}` },
      });
      expect(response.status).toBe(404);
    }
  });
});

describe("batches that are run here", () => {
  test("each line is a request of the batch's owner; outcomes stand in the vendor's files", async () => {
    const made = await start([line("a", "one"), line("b", "fail-this"), line("c", "three")].join("\n"));
    expect(made).toMatchObject({ object: "batch", endpoint: "/v1/chat/completions", metadata: { a: "b" } });
    const done = await ended(made.id);
    expect(done).toMatchObject({ status: "completed", request_counts: { total: 3, completed: 2, failed: 1 } });
    const good = await linesOf(done.output_file_id);
    expect(good.map(({ custom_id: id }) => id)).toEqual(["a", "c"]);
    expect(good[0].response).toMatchObject({ status_code: 200, body: { object: "chat.completion" } });
    const bad = await linesOf(done.error_file_id);
    expect(bad).toMatchObject([{ custom_id: "b", response: { status_code: 400 } }]);
    const records = await scene.gateway.records(1);
    const own = records.filter(({ operation }) => operation === "chat");
    expect(own.length).toBeGreaterThanOrEqual(3);
    expect(own.every(({ virtual_key }) => virtual_key === "one")).toBe(true);
    expect((await scene.openai().batches.list()).data.map(({ id }) => id)).toContain(made.id);
    expect((await scene.openai(KEYS.two).batches.list()).data).toEqual([]);
    expect(await failure(scene.openai(KEYS.two).batches.retrieve(made.id))).toMatchObject({ status: 404 });
  });

  test("a faulty file makes a failed batch, with the lines named", async () => {
    const twice = [
      line("a", "x"),
      line("a", "y"),
      "not json",
      JSON.stringify({ custom_id: "z", method: "GET", url: "/x", body: {} }),
    ];
    const made = await start(twice.join("\n"));
    expect(made.status).toBe("failed");
    expect(made.errors?.data?.map(({ line: number }) => number)).toEqual([2, 3, 4]);
    expect((await start("")).status).toBe("failed");
    const input = await upload(line("a", "x"));
    const bad = scene
      .openai()
      .batches.create({ input_file_id: input, endpoint: "/v1/admin" as never, completion_window: "24h" });
    expect(await failure(bad)).toMatchObject({ status: 400, param: "endpoint" });
  });

  test("the budget of the key holds for each line", async () => {
    const before = scene.plain.seen.length;
    const made = await start(Array.from({ length: 5 }, (_, at) => line(`l${at}`, "expensive")).join("\n"), KEYS.poor);
    const done = await ended(made.id, KEYS.poor);
    const bad = await linesOf(done.error_file_id, KEYS.poor);
    expect(bad.length).toBeGreaterThan(0);
    expect(bad.every(({ response }) => response.status_code === 402)).toBe(true);
    expect(scene.plain.seen.length - before).toBeLessThanOrEqual(5 - bad.length);
  });

  test("cancel: what waits is not begun", async () => {
    let open: () => void = () => {};
    gate = new Promise((resolve) => (open = resolve));
    const made = await start(Array.from({ length: 20 }, (_, at) => line(`l${at}`, "cancelled batch")).join("\n"));
    const client = scene.openai();
    await until(
      () => Promise.resolve(scene.plain.seen.filter(({ body }) => body.includes("cancelled batch")).length),
      (count) => count > 0,
    );
    expect((await client.batches.cancel(made.id)).status).toBe("cancelling");
    open();
    gate = null;
    const done = await ended(made.id);
    expect(done.status).toBe("cancelled");
    const asked = scene.plain.seen.filter(({ body }) => body.includes("cancelled batch")).length;
    expect(asked).toBeLessThanOrEqual(4);
    expect((await linesOf(done.output_file_id)).length).toBe(asked);
    expect((await linesOf(done.error_file_id)).length).toBe(20 - asked);
    expect(await failure(client.batches.cancel(made.id))).toMatchObject({ status: 400 });
  });

  test("kill -9 in the midst: it goes on where it stood, and no line is run twice", async () => {
    const made = await start(Array.from({ length: 40 }, (_, at) => line(`k${at}`, `killed line ${at}.`)).join("\n"));
    const seen = (): string[] =>
      scene.plain.seen.map(({ body }) => /killed line \d+\./.exec(body)?.[0] ?? "").filter((text) => text !== "");
    await until(
      () => Promise.resolve(seen().length),
      (count) => count >= 8,
    );
    scene.gateway.kill("SIGKILL");
    await scene.gateway.exited;
    await scene.restart();
    const done = await ended(made.id);
    expect(done).toMatchObject({ status: "completed" });
    expect(new Set(seen()).size).toBe(seen().length);
    const all = [...(await linesOf(done.output_file_id)), ...(await linesOf(done.error_file_id))];
    expect(new Set(all.map(({ custom_id: id }) => id)).size).toBe(40);
    const interrupted = all.filter(({ error }) => error !== null);
    expect(interrupted.length).toBeLessThanOrEqual(4);
    expect(interrupted.every(({ error }) => error.code === "request_interrupted")).toBe(true);
  }, 30_000);
});

describe("a provider that has files and batches", () => {
  const options = { headers: { "x-trunkline-provider": "openai" } };

  test("named by the header: everything goes there, with the key that made it", async () => {
    const client = scene.openai();
    for (let round = 0; round < 4; round += 1) {
      const text = `${line("a", "x", "gpt-4o-mini")}\n`;
      const file = await client.files.create(
        { file: await toFile(Buffer.from(text), "l.jsonl"), purpose: "batch" },
        options,
      );
      expect(file.id).toEndWith("keeper");
      const batch = await client.batches.create({
        input_file_id: file.id,
        endpoint: "/v1/chat/completions",
        completion_window: "24h",
      });
      expect(batch.id).toEndWith("keeper");
      expect((await client.batches.retrieve(batch.id)).id).toBe(batch.id);
      expect((await linesOf(batch.output_file_id))[0]).toEqual({ custom_id: "native" });
      expect((await client.files.list()).data.map(({ id }) => id)).toContain(file.id);
      expect((await client.files.delete(file.id)).deleted).toBe(true);
    }
  });

  test("is closed to other teams that share its keys", async () => {
    const client = scene.openai();
    const file = await client.files.create(
      { file: await toFile(Buffer.from(`${line("a", "x", "gpt-4o-mini")}\n`), "l.jsonl"), purpose: "batch" },
      options,
    );
    const batch = await client.batches.create({
      input_file_id: file.id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    const before = scene.keeper.seen.length;
    const other = scene.openai(KEYS.two);
    const calls = [
      () => other.files.retrieve(file.id),
      () => other.files.content(String(batch.output_file_id)),
      () => other.batches.retrieve(batch.id),
      () => other.batches.cancel(batch.id),
    ];
    for (const call of calls) {
      expect(await failure(call())).toMatchObject({ status: 404 });
    }
    expect(scene.keeper.seen.length).toBe(before);
  });

  test("takes no line of which it is not known that the virtual key may use all of its models", async () => {
    const client = scene.openai(KEYS.bound);
    const send = async (text: string) =>
      client.files.create({ file: await toFile(Buffer.from(text), "l.jsonl"), purpose: "batch" }, options);
    const [good, dear] = [line("a", "x", "small"), line("b", "y", "large")];
    const tool = JSON.stringify({ body: { model: "small", tools: [{ type: "advisor", model: "large" }] } });
    const before = scene.keeper.seen.length;
    for (const text of [dear, `${good}\n${dear}`, `${good}\r${dear}`, `\uFEFF${dear}`, `${good}\nnonsense`, "{}", tool])
      expect(await failure(send(text))).toMatchObject({ status: 403 });
    const lines = [good, dear].map((each) => JSON.parse(each) as { body: { messages: [] } });
    const params = { model: "small", max_tokens: 9, messages: lines[0]?.body.messages ?? [] };
    const requests = [
      { custom_id: "a", params: { ...params, tools: [{ type: "advisor", name: "a", model: "large" }] } },
    ];
    const batch = scene.anthropic(KEYS.bound).messages.batches.create({ requests } as never, {
      headers: { "x-trunkline-provider": "anthropic" },
    });
    expect(await failure(batch)).toMatchObject({ status: 403 });
    expect(scene.keeper.seen.length).toBe(before);
    expect((await send(`${good}\n\n${good}\n`)).id).toEndWith("keeper");
  });

  test("by the models of all lines", async () => {
    const made = await start([line("a", "x", "openai/gpt-4o-mini"), line("b", "y", "openai/gpt-4o-mini")].join("\n"));
    expect(made.id).toEndWith("keeper");
    const sent = scene.keeper.seen.filter(({ target }) => target === "/v1/files").at(-1)?.body ?? "";
    expect(sent).toContain('"model":"gpt-4o-mini"');
    expect(sent).not.toContain("openai/gpt-4o-mini");
  });

  test("lines that go on from something are run here, where it has to be the caller's own", async () => {
    const body = { model: "openai/gpt-4o-mini", input: "x", conversation: "conv_of_others" };
    const text = `${JSON.stringify({ custom_id: "a", method: "POST", url: "/v1/responses", body })}\n`;
    const input = await upload(text);
    const before = scene.keeper.seen.length;
    const made = await scene
      .openai()
      .batches.create({ input_file_id: input, endpoint: "/v1/responses", completion_window: "24h" });
    expect(made.id).not.toEndWith("keeper");
    const done = await ended(made.id);
    const [answer] = await linesOf(done.error_file_id);
    expect(answer).toMatchObject({ response: { status_code: 404 } });
    const file = await toFile(Buffer.from(text), "l.jsonl");
    const direct = scene.openai().files.create({ file, purpose: "batch" }, options);
    expect(await failure(direct)).toMatchObject({ status: 400, param: "file" });
    expect(scene.keeper.seen.length).toBe(before);
  });

  test("Groq's by the models, Azure's by name alone", async () => {
    const groq = await start(line("a", "x", "groq/llama-3.3-70b"));
    expect(groq.id).toEndWith("keeper");
    expect((await linesOf((await ended(groq.id)).output_file_id))[0]).toEqual({ custom_id: "native" });
    const here = await start(line("a", "x", "azure/gpt-4o"));
    expect(here.id).not.toEndWith("keeper");
    const file = await toFile(Buffer.from(`${line("a", "x", "gpt-4o-batch")}\n`), "l.jsonl");
    const named = { headers: { "x-trunkline-provider": "azure" } };
    const { id } = await scene.openai().files.create({ file, purpose: "batch" }, named);
    expect(id).toEndWith("keeper");
    expect(scene.keeper.seen.at(-1)?.headers["api-key"]).toBe("azure-12345678");
  });

  test("a provider without them is refused by name", async () => {
    const file = await toFile(Buffer.from("x"), "x");
    const call = scene
      .openai()
      .files.create({ file, purpose: "batch" }, { headers: { "x-trunkline-provider": "plain" } });
    expect(await failure(call)).toMatchObject({ status: 400, param: "provider" });
  });
});

describe("message batches", () => {
  const requests = (model: string) =>
    ["m1", "m2"].map((id) => ({
      custom_id: id,
      params: { model, max_tokens: 10, messages: [{ role: "user" as const, content: id }] },
    }));

  test("run here: created, ended, with results in order", async () => {
    const client = scene.anthropic();
    const made = await client.messages.batches.create({ requests: requests("plain/small") });
    expect(made).toMatchObject({ type: "message_batch", processing_status: "in_progress" });
    const done = await until(
      () => client.messages.batches.retrieve(made.id),
      (batch) => batch.processing_status === "ended",
    );
    expect(done.request_counts).toEqual({ processing: 0, succeeded: 2, errored: 0, canceled: 0, expired: 0 });
    const results = [];
    for await (const result of await client.messages.batches.results(made.id)) results.push(result);
    expect(results.map(({ custom_id: id }) => id)).toEqual(["m1", "m2"]);
    expect(results[0]?.result).toMatchObject({ type: "succeeded", message: { type: "message", role: "assistant" } });
    const listed = await client.messages.batches.list();
    expect(listed.data.map(({ id }) => id)).toContain(made.id);
    const other = scene.anthropic(KEYS.two);
    expect(await failure(other.messages.batches.retrieve(made.id))).toMatchObject({ status: 404 });
    expect((await other.messages.batches.list()).data).toEqual([]);
    expect(await client.messages.batches.delete(made.id)).toEqual({ id: made.id, type: "message_batch_deleted" });
    expect(await failure(client.messages.batches.retrieve(made.id))).toMatchObject({ status: 404 });
  });

  test("at the provider, when the models lead there", async () => {
    const client = scene.anthropic();
    const made = await client.messages.batches.create({ requests: requests("anthropic/claude-haiku-4-5") });
    expect(made.id).toEndWith("keeper");
    expect(made.results_url).toStartWith(scene.gateway.url);
    const results = [];
    for await (const result of await client.messages.batches.results(made.id)) results.push(result);
    expect(results).toEqual([{ custom_id: "x", result: { type: "canceled" } }]);
    expect(await failure(scene.anthropic(KEYS.two).messages.batches.results(made.id))).toMatchObject({ status: 404 });
    expect((await client.messages.batches.cancel(made.id)).id).toBe(made.id);
  });

  test("lists go on both ways", async () => {
    const client = scene.anthropic(KEYS.poor);
    const made: string[] = [];
    for (let round = 0; round < 5; round += 1)
      made.unshift((await client.messages.batches.create({ requests: requests("plain/small") })).id);
    const list = async (query: { limit?: number; before_id?: string; after_id?: string }) => {
      const { data, has_more: hasMore, first_id: first, last_id: last } = await client.messages.batches.list(query);
      expect([first, last]).toEqual([data[0]?.id ?? null, data.at(-1)?.id ?? null]);
      return [data.map(({ id }) => id), hasMore];
    };
    expect(await list({ limit: 2 })).toEqual([made.slice(0, 2), true]);
    expect(await list({ limit: 2, after_id: made[3] ?? "" })).toEqual([made.slice(4), false]);
    expect(await list({ limit: 2, before_id: made[4] ?? "" })).toEqual([made.slice(2, 4), true]);
    expect(await list({ limit: 2, before_id: made[2] ?? "" })).toEqual([made.slice(0, 2), false]);
    expect(await list({ before_id: made[0] ?? "" })).toEqual([[], false]);
    const both = client.messages.batches.list({ before_id: made[0] ?? "", after_id: made[1] ?? "" });
    expect(await failure(both)).toMatchObject({ status: 400 });
    const older: string[] = [];
    for await (const { id } of await client.messages.batches.list({ limit: 2 })) older.push(id);
    expect(older).toEqual(made);
  });

  test("faults of the list are refused", async () => {
    const client = scene.anthropic();
    const twice = [...requests("plain/small"), ...requests("plain/small")];
    expect(await failure(client.messages.batches.create({ requests: twice }))).toMatchObject({ status: 400 });
    expect(await failure(client.messages.batches.create({ requests: [] }))).toMatchObject({ status: 400 });
  });
});
