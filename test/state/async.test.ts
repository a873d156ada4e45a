import { afterAll, beforeAll, expect, test } from "bun:test";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { chatAnswer, failure, KEYS, startScene, until, type Scene } from "./scene.ts";

let scene: Scene;
let gate: Promise<void> | null = null;
const BODY = { model: "plain/small", messages: [{ role: "user", content: "later" }] };

beforeAll(async () => {
  scene = await startScene({
    chat: async (_, body) => {
      await gate;
      return chatAnswer(body);
    },
  });
});
afterAll(() => scene.stop());

function ask(
  method: string,
  path: string,
  body: unknown = null,
  headers: Record<string, string> = {},
  key = KEYS.one,
): Promise<Response> {
  const init = body === null ? {} : { body: JSON.stringify(body) };
  return fetch(scene.gateway.url + path, {
    method,
    ...init,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
  });
}

const LATER = { "x-trunkline-async": "true" };

async function ended(id: string, path = `/v1/async/${id}`) {
  return until(
    async () => (await ask("GET", path)).json() as Promise<Record<string, unknown>>,
    ({ status }) => status === "completed" || status === "failed",
  );
}

test("202 with a job; then its answer, as JSON and as it was", async () => {
  const queued = await ask("POST", "/v1/chat/completions", BODY, LATER);
  expect(queued.status).toBe(202);
  const { id, object, status } = (await queued.json()) as Record<string, string>;
  expect({ object, status }).toEqual({ object: "async_job", status: "queued" });
  const job = await ended(String(id));
  expect(job).toMatchObject({ status: "completed", status_code: 200, result: { object: "chat.completion" } });
  const content = await ask("GET", `/v1/async/${id}/content`);
  expect(content.headers.get("content-type")).toStartWith("application/json");
  expect(await content.json()).toEqual(job["result"]);
  const record = await until(
    async () => (await scene.gateway.records(1)).find(({ id: request }) => request === job["request_id"]),
    (found) => found !== undefined,
  );
  expect(record).toMatchObject({ virtual_key: "one", operation: "chat" });
});

test("the paths of another gateway", async () => {
  const queued = (await (await ask("POST", "/v1/async/chat/completions", BODY)).json()) as { id: string };
  const job = await ended(queued.id, `/v1/async/chat/completions/${queued.id}`);
  expect(job["status"]).toBe("completed");
});

test("an answer that is an error is the job's answer", async () => {
  const wrong = (await (
    await ask("POST", "/v1/chat/completions", { ...BODY, model: "nobody/nothing" }, LATER)
  ).json()) as { id: string };
  expect(await ended(wrong.id)).toMatchObject({ status: "completed", status_code: 404 });
});

test("is the caller's team's alone, and may be deleted", async () => {
  const { id } = (await (await ask("POST", "/v1/chat/completions", BODY, LATER)).json()) as { id: string };
  await ended(id);
  expect((await ask("GET", `/v1/async/${id}`, null, {}, KEYS.two)).status).toBe(404);
  expect((await ask("DELETE", `/v1/async/${id}`, null, {}, KEYS.two)).status).toBe(404);
  expect((await ask("GET", `/v1/async/${id}`, null, {}, KEYS.mate)).status).toBe(200);
  expect((await ask("DELETE", `/v1/async/${id}`)).status).toBe(200);
  expect((await ask("GET", `/v1/async/${id}`)).status).toBe(404);
});

test("faults are told at once: garbage, streams, no key, and nobody is another with a header", async () => {
  expect((await ask("POST", "/v1/chat/completions", { messages: [] }, LATER)).status).toBe(400);
  expect((await ask("POST", "/v1/chat/completions", { ...BODY, stream: true }, LATER)).status).toBe(400);
  expect((await ask("POST", "/v1/chat/completions", BODY, LATER, "sk-tl-nobody")).status).toBe(401);
  const forged = { "x-trunkline-internal": "guess", "x-trunkline-caller": "two" };
  expect((await ask("POST", "/v1/chat/completions", BODY, forged)).status).toBe(401);
});

test("kill -9: a job that waited is run, one that ran is not made again", async () => {
  let open: () => void = () => {};
  gate = new Promise((resolve) => (open = resolve));
  const running = (await (await ask("POST", "/v1/chat/completions", BODY, LATER)).json()) as { id: string };
  const before = scene.plain.seen.length;
  await until(
    () => Promise.resolve(scene.plain.seen.length),
    (count) => count > before - 1,
  );
  await until(
    async () => (await (await ask("GET", `/v1/async/${running.id}`)).json()) as { status: string },
    ({ status }) => status === "in_progress",
  );
  scene.gateway.kill("SIGKILL");
  await scene.gateway.exited;
  open();
  gate = null;
  await scene.restart();
  expect(await ended(running.id)).toMatchObject({ status: "failed", error: { code: "interrupted" } });
  const queued = (await (await ask("POST", "/v1/chat/completions", BODY, LATER)).json()) as { id: string };
  expect(await ended(queued.id)).toMatchObject({ status: "completed" });
});

test("with the store away chats go on; what needs it says so, and what was answered meanwhile is there later", async () => {
  const store = join(scene.gateway.dir, "data", "trunkline.db");
  renameSync(store, `${store}.away`);
  const client = scene.openai();
  const made = await client.responses.create({ model: "plain/small", input: "meanwhile" });
  expect(await failure(client.responses.retrieve(made.id))).toMatchObject({ status: 503 });
  expect((await ask("POST", "/v1/chat/completions", BODY, LATER)).status).toBe(503);
  expect((await ask("POST", "/v1/chat/completions", BODY)).status).toBe(200);
  renameSync(`${store}.away`, store);
  const found = await until(
    () =>
      client.responses.retrieve(made.id).then(
        ({ id }) => id,
        () => null,
      ),
    (id) => id !== null,
  );
  expect(found).toBe(made.id);
});
