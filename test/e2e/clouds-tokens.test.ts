import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { startTokenServer } from "../../src/lib/oauth/fixtures/token-server.ts";
import { startGateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { KEY, messages, SECRET, startScene, type Scene } from "./clouds/scene.ts";

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.stop());
beforeEach(() => scene.reset());

describe("tokens", () => {
  test("that the provider refuses make the key's fault, and the words of nobody reach the client", async () => {
    const error = { code: 401, message: `token of ${SECRET}`, status: "UNAUTHENTICATED" };
    scene.refusal = () => jsonAnswer({ error }, 401);
    const answer = await scene.post("/v1/chat/completions", { model: "vertex/gemini-2.5-flash", messages });
    expect(answer.status).toBe(502);
    expect(answer.text).not.toContain(SECRET);
    expect(answer.text).toContain("refused the gateway's credential");
  });

  test("that the provider quotes do not reach the client", async () => {
    let quoted = "";
    scene.refusal = ({ headers }) => {
      quoted = (headers["authorization"] ?? "").slice("Bearer ".length);
      return jsonAnswer({ error: { code: "bad", message: `cannot use ${headers["authorization"]}` } }, 400);
    };
    const answer = await scene.post("/v1/chat/completions", { model: "azure/x", messages });
    expect(quoted).toStartWith("a-token-of-the-test-");
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("cannot use Bearer ***");
    expect(answer.text).not.toContain(quoted);
  });

  test("models of a signed provider are listed with one", async () => {
    const listed = async () => {
      const answer = await fetch(`${scene.gateway.url}/v1/models`, { headers: { authorization: `Bearer ${KEY}` } });
      const { data } = (await answer.json()) as { data: { id: string }[] };
      return data.map(({ id }) => id).filter((id) => id.endsWith("-listed"));
    };
    let found = await listed();
    for (let tries = 0; found.length === 0 && tries < 100; tries += 1) {
      await Bun.sleep(50);
      found = await listed();
    }
    expect(found.toSorted()).toEqual(["vertex/claude-listed", "vertex/gemini-listed"]);
  });
});

test("a token endpoint that is away or refuses ends in an error of the gateway's own, on the record", async () => {
  const dead = startTokenServer();
  dead.answer = () => Response.json({ error: "invalid_client", error_description: SECRET }, { status: 401 });
  const network = { max_retries: 0 };
  const entra = { tenant_id: "t", client_id: "c", client_secret: SECRET };
  const own = await startGateway({
    config: {
      providers: {
        azure: {
          base_url: scene.mock.url,
          network,
          settings: { authority: dead.url },
          keys: [{ name: "main", credentials: entra }],
        },
        watsonx: {
          base_url: scene.mock.url,
          network,
          settings: { iam_url: "http://127.0.0.1:1" },
          keys: [{ name: "main", value: SECRET }],
        },
      },
    },
  });
  const ask = async (model: string) => {
    const answer = await fetch(`${own.url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model, messages }),
    });
    const text = await answer.text();
    expect(text).not.toContain(SECRET);
    return [answer.status, JSON.parse(text).error.code];
  };
  expect(await ask("azure/x")).toEqual([502, "upstream_auth"]);
  expect(await ask("watsonx/x")).toEqual([502, "upstream_unreachable"]);
  const records = await own.records(2);
  expect(records.map(({ outcome }) => outcome)).toEqual(["upstream_failed", "upstream_failed"]);
  expect(JSON.stringify(records)).not.toContain(SECRET);
  expect(scene.mock.requests.filter(({ method }) => method === "POST")).toEqual([]);
  await own.stop();
  await dead.stop();
});

test("a caller who goes away does not wait for a token", async () => {
  const slow = startTokenServer();
  slow.answer = () => new Promise(() => {});
  const own = await startGateway({
    config: {
      providers: {
        watsonx: {
          base_url: scene.mock.url,
          settings: { iam_url: slow.url },
          keys: [{ name: "main", value: SECRET }],
        },
      },
    },
  });
  const leaving = new AbortController();
  const body = JSON.stringify({ model: "watsonx/x", messages });
  const { signal } = leaving;
  const asking = fetch(`${own.url}/v1/chat/completions`, { method: "POST", body, signal }).catch(() => null);
  while (slow.asked.length < 2) await Bun.sleep(5);
  leaving.abort();
  expect(await asking).toBeNull();
  const [record] = await own.records(1);
  expect(record?.outcome).toBe("client_aborted");
  // A fetch that was given up would have taken ten seconds.
  expect(record?.duration_ms).toBeLessThan(9_000);
  await own.stop();
  await slow.stop();
});
