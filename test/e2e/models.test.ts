import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PresentedModel } from "../../src/domain/catalog/index.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";

const key = { name: "main", value: "sk-test" };
let gateway: Gateway;
let sheet = "";

/** A sheet with that price of gpt-4o, and enough other models to be taken for whole. */
function writeSheet(usdPerToken: number, others = 30): void {
  const filler = Array.from({ length: others }, (_, at) => [`model-${at}`, { litellm_provider: "openai" }] as const);
  const model = { litellm_provider: "openai", input_cost_per_token: usdPerToken, output_cost_per_token: usdPerToken };
  writeFileSync(sheet, JSON.stringify({ "gpt-4o": model, ...Object.fromEntries(filler) }));
}

beforeAll(async () => {
  gateway = await startGateway({
    config: {
      providers: {
        openai: { base_url: "http://127.0.0.1:9/v1", keys: [key], models: ["gpt-4o"] },
        mine: { dialect: "openai-chat", base_url: "http://127.0.0.1:9/v1", keyless: true, models: ["own"] },
      },
      catalog: { file: "sheet.json" },
    },
  });
  sheet = join(gateway.dir, "sheet.json");
});

afterAll(() => gateway.stop());

async function admin(path: string, method = "GET"): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(gateway.url + path, {
    method,
    headers: { authorization: `Bearer ${gateway.adminToken}` },
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function models(query = ""): Promise<PresentedModel[]> {
  const { status, body } = await admin(`/api/models${query}`);
  expect(status).toBe(200);
  return body["data"] as PresentedModel[];
}

test("models of the configured providers, an unknown price as null", async () => {
  const [known] = await models("?provider=openai");
  expect(known).toMatchObject({ id: "openai/gpt-4o", context_window: 128_000, pricing: { input: 2.5, output: 10 } });
  expect(await models("?search=own")).toMatchObject([{ id: "mine/own", pricing: null }]);
  expect(await admin("/api/models?nothing=1")).toMatchObject({ status: 400, body: { error: { param: "nothing" } } });
  expect((await fetch(`${gateway.url}/api/models`)).status).toBe(401);
});

test("in OpenRouter's shape below its prefix, an unknown price left out", async () => {
  const list = await fetch(`${gateway.url}/openrouter/api/v1/models`);
  const { data } = (await list.json()) as { data: { id: string; pricing: object }[] };
  expect(data.find(({ id }) => id === "openai/gpt-4o")).toMatchObject({
    context_length: 128_000,
    architecture: { input_modalities: expect.arrayContaining(["text", "image"]) },
    pricing: { prompt: "0.0000025", completion: "0.00001" },
    supported_parameters: expect.arrayContaining(["tools", "response_format"]),
  });
  expect(data.find(({ id }) => id === "mine/own")?.pricing).toEqual({});
});

test("a data sheet is read on demand; a broken one leaves the last facts in force", async () => {
  writeSheet(7e-6);
  expect(await admin("/api/models/refresh", "POST")).toMatchObject({ status: 200, body: { models: 31 } });
  expect((await models("?provider=openai"))[0]?.pricing?.input).toBe(7);
  writeSheet(9e-6, 2);
  expect(await admin("/api/models/refresh", "POST")).toMatchObject({ status: 502 });
  writeFileSync(sheet, "{ no json");
  expect(await admin("/api/models/refresh", "POST")).toMatchObject({ status: 502 });
  expect((await models("?provider=openai"))[0]?.pricing?.input).toBe(7);
  expect((await admin("/api/models/refresh")).status).toBe(405);
});

test("the command lists what came with the program", async () => {
  const main = new URL("../../src/compose/main.ts", import.meta.url).pathname;
  const run = (...args: string[]) => Bun.spawnSync([process.execPath, main, "models", ...args]);
  const plain = run("gpt-4o-mini", "--provider", "openai");
  expect(plain.stdout.toString()).toContain("openai/gpt-4o-mini  chat  128000 tokens  $0.15 in, $0.6 out");
  const [json] = run("gpt-4o-mini", "--provider", "openai", "--json").stdout.toString().split("\n");
  expect(JSON.parse(json ?? "")).toMatchObject({ provider: "openai" });
  expect(run("--kind", "nothing").exitCode).not.toBe(0);
});
