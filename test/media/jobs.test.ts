import { afterAll, beforeAll, expect, test } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream } from "../mock-upstream/server.ts";

const KEY = "sk-tl-jobs-tests-0123456789";
const SECRETS = { openai: "secret-at-openai", runway: "secret-at-runway" };

let mock: MockUpstream;
let gateway: Gateway;
beforeAll(async () => {
  mock = await startMockUpstream(({ method, path }) => {
    if (path.endsWith("/v1/tasks/t1")) {
      if (method === "DELETE") return [{ write: "HTTP/1.1 204 No Content\r\n\r\n" }];
      return jsonAnswer({ id: "t1", status: "SUCCEEDED", output: ["https://cdn.example/x.mp4"] });
    }
    if (path.includes("runway")) return jsonAnswer({ id: "t1" });
    return jsonAnswer({ id: "vid_1", object: "video", status: "queued", seconds: "4" });
  });
  gateway = await startGateway({ config: configFor(SECRETS) });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

function configFor(secrets: typeof SECRETS): object {
  const providers = Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [
      name,
      { base_url: `${mock.url}/${name}`, keys: [{ name: "main", value }], network: { max_retries: 0 } },
    ]),
  );
  const provider_configs = Object.keys(providers).map((provider) => ({ provider }));
  const budgets = [{ limit_usd: 1, period: "1d" }];
  return { providers, governance: { virtual_keys: [{ name: "app", value: KEY, provider_configs, budgets }] } };
}

function ask(method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${gateway.url}/v1${path}`, {
    method,
    redirect: "manual",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function begun(model: string): Promise<string> {
  const response = await ask("POST", "/videos", { model, prompt: "a cat" });
  const { id } = (await response.json()) as { id: string };
  return id;
}

/** The same folder and store, with other credentials perhaps. */
async function restart(secrets: typeof SECRETS): Promise<void> {
  const { dir } = gateway;
  gateway.kill("SIGTERM");
  await gateway.exited;
  await Bun.write(`${dir}/trunkline.yaml`, JSON.stringify(configFor(secrets)));
  gateway = await startGateway({ dir });
}

test("an id is good after a restart, as long as the credential is the same", async () => {
  const id = await begun("openai/sora-2");
  await restart(SECRETS);
  expect((await ask("GET", `/videos/${id}`)).status).toBe(200);
  await restart({ ...SECRETS, openai: "another-secret-at-openai" });
  const refused = await ask("GET", `/videos/${id}`);
  expect(refused.status).toBe(404);
  expect(await refused.json()).toMatchObject({ error: { code: "not_found", param: "video_id" } });
});

test("a file at an address of its own is pointed to", async () => {
  const id = await begun("runway/gen4.5");
  const response = await ask("GET", `/videos/${id}/content`);
  expect(response.status).toBe(302);
  expect(response.headers.get("location")).toBe("https://cdn.example/x.mp4");
  expect(mock.requests.at(-1)?.headers["x-runway-version"]).toBe("2024-11-06");
  const deleted = await ask("DELETE", `/videos/${id}`);
  expect(await deleted.json()).toEqual({ id, object: "video.deleted", deleted: true });
});

test("there is no list, as a provider's own would show the videos of all callers", async () => {
  const list = await ask("GET", "/videos?limit=2");
  expect(list.status).toBe(400);
  expect(await list.json()).toMatchObject({ error: { code: "unsupported_operation" } });
  expect((await ask("PUT", "/videos/video_x")).status).toBe(405);
  expect((await ask("GET", "/videos/video_x/thumbnails")).status).toBe(404);
});

test("ids that are made up are nobody's", async () => {
  for (const id of ["video_", "vid_1", "video_AAAA", `video_${"A".repeat(400)}`, "%2e%2e", "video_%ff"]) {
    const response = await ask("GET", `/videos/${id}`);
    expect({ id, status: response.status }).toEqual({ id, status: 404 });
  }
  const unsigned = Buffer.concat([Buffer.alloc(16), Buffer.from('["openai","main","sora-2","vid_1",5]')]);
  expect((await ask("GET", `/videos/video_${unsigned.toString("base64url")}`)).status).toBe(404);
});
