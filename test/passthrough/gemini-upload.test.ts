import { afterAll, beforeAll, expect, test } from "bun:test";
import { GoogleGenAI } from "@google/genai";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { KEYS, startUpstream, type Upstream } from "./scene.ts";

const SECRET = "gemini-upstream-secret";
let upstream: Upstream;
let gateway: Gateway;
let received = 0;

/** Google's resumable uploads: https://ai.google.dev/gemini-api/docs/files */
function answer(request: Request, body: string): Response {
  const url = new URL(request.url);
  if (request.headers.get("x-goog-api-key") !== SECRET) return new Response("who", { status: 401 });
  const command = request.headers.get("x-goog-upload-command");
  if (command === "start") {
    received = 0;
    const address = `${upstream.url}/upload/v1beta/files?key=${SECRET}&upload_id=u%2F1&upload_protocol=resumable`;
    return new Response(null, { headers: { "x-goog-upload-url": address, "x-goog-upload-status": "active" } });
  }
  const file = { name: "files/abc", uri: `${upstream.url}/v1beta/files/abc`, sizeBytes: String(received) };
  if (url.pathname === "/v1beta/files/abc") return Response.json(file);
  if (url.pathname !== "/upload/v1beta/files" || url.searchParams.get("upload_id") !== "u/1")
    return new Response(url.href, { status: 404 });
  if (Number(request.headers.get("x-goog-upload-offset")) !== received) return new Response("offset", { status: 400 });
  received += body.length;
  const status = command?.includes("finalize") === true ? "final" : "active";
  return Response.json(
    { file: { ...file, sizeBytes: String(received) } },
    { headers: { "x-goog-upload-status": status } },
  );
}

beforeAll(async () => {
  upstream = startUpstream(answer);
  const grants = [{ provider: "gemini", allowed_models: ["*"] }];
  gateway = await startGateway({
    config: {
      version: 1,
      providers: { gemini: { base_url: `${upstream.url}/v1beta`, keys: [{ name: "main", value: SECRET }] } },
      governance: { virtual_keys: [{ name: "all", value: KEYS.all, provider_configs: grants }] },
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

test("Google's SDK uploads in pieces through the gateway, and asks about the file", async () => {
  const client = new GoogleGenAI({
    apiKey: KEYS.all,
    httpOptions: { baseUrl: `${gateway.url}/passthrough/gemini` },
  });
  const size = 9 * 1024 * 1024;
  const file = await client.files.upload({
    file: new Blob(["x".repeat(size)], { type: "text/plain" }),
    config: { displayName: "big" },
  });
  expect(file).toMatchObject({ name: "files/abc", sizeBytes: String(size) });
  expect((await client.files.get({ name: "files/abc" })).name).toBe("files/abc");
  expect(upstream.seen.map(({ method, target }) => `${method} ${target}`)).toEqual([
    "POST /upload/v1beta/files",
    "POST /upload/v1beta/files?upload_id=u%2F1&upload_protocol=resumable",
    "POST /upload/v1beta/files?upload_id=u%2F1&upload_protocol=resumable",
    "GET /v1beta/files/abc",
  ]);
  expect(JSON.stringify(upstream.seen.map(({ headers }) => headers))).not.toContain(KEYS.all);
});

test("the address to go on at is the gateway's, without a credential", async () => {
  const begin = (): Promise<Response> =>
    fetch(`${gateway.url}/passthrough/gemini/upload/v1beta/files`, {
      method: "POST",
      headers: { "x-goog-api-key": KEYS.all, "x-goog-upload-command": "start" },
    });
  expect((await begin()).headers.get("x-goog-upload-url")).toBe(
    `${gateway.url}/passthrough/gemini/upload/v1beta/files?upload_id=u%2F1&upload_protocol=resumable`,
  );
});

test("what cannot be decoded in a path is the provider's to refuse", async () => {
  const seen = await fetch(`${gateway.url}/passthrough/gemini/models/%zz:generateContent`, {
    method: "POST",
    headers: { "x-goog-api-key": KEYS.all, "content-type": "application/json" },
    body: '{"contents":[]}',
  });
  expect(seen.status).toBe(404);
});
