import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { startTokenServer, type TokenServer } from "../../src/lib/oauth/fixtures/token-server.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { readAnswer } from "./reading/index.ts";
import { leastRequest, sendRequest } from "./recorded/client.ts";
import { loadCloudExchanges, type CloudExchange } from "./recorded/cloud-exchanges.ts";
import { FILE } from "./recorded/exchanges.ts";
import { randomFrom, startPlayer, type Player } from "./recorded/player.ts";

const KEY = "sk-tl-recorded-cloud";
const AZURE_KEY = "an-azure-key-of-the-test";
const exchanges = loadCloudExchanges();
if (exchanges.length === 0) test.skip(`no recorded exchanges at ${FILE}`, () => {});

let gateway: Gateway;
let player: Player;
let tokens: TokenServer;

beforeAll(async () => {
  if (exchanges.length === 0) return;
  player = await startPlayer();
  tokens = startTokenServer();
  gateway = await startGateway({ config: configFor(player.mock.url, tokens.url) });
});

afterAll(async () => {
  await gateway?.stop();
  await player?.mock.stop();
  await tokens?.stop();
});

function configFor(mock: string, tokenUrl: string): object {
  const network = { max_retries: 0 };
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const account = JSON.stringify({
    type: "service_account",
    client_email: "gateway@example.iam.gserviceaccount.com",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    token_uri: `${tokenUrl}/token`,
  });
  const vertex = {
    base_url: mock,
    network,
    settings: { project: projectOf(), location: "us-east5" },
    keys: [{ name: "main", value: account }],
  };
  const azure = { base_url: `${mock}/openai/v1`, network, keys: [{ name: "main", value: AZURE_KEY }] };
  const provider_configs = [{ provider: "vertex" }, { provider: "azure" }];
  const governance = { virtual_keys: [{ name: "app", value: KEY, provider_configs }] };
  return { providers: { vertex, azure }, governance };
}

function projectOf(): string {
  const path = exchanges.find(({ provider }) => provider === "vertex")?.path ?? "";
  return path.split("/")[3] ?? "some-project";
}

/** What a client sends of its dialect: Claude's version at Vertex AI and its model in the path are the gateway's business. */
function clientBody({ dialect, provider, model, request, requestText }: CloudExchange): string {
  if (dialect === "gemini") return requestText;
  const { anthropic_version: _, ...rest } = request;
  return JSON.stringify({ ...rest, model: `${provider}/${model}` });
}

/** Streams of chat completions bring usage only when asked to: else the gateway asks. */
function wantedBody(exchange: CloudExchange): Record<string, unknown> {
  const { dialect, isStream, request } = exchange;
  if (dialect !== "openai-chat" || !isStream) return request;
  return { ...request, stream_options: { ...request.stream_options, include_usage: true } };
}

/** The recordings of some libraries name no real address. */
function pathOf({ path, dialect, provider }: CloudExchange): string {
  if (provider === "vertex") return path;
  return dialect === "openai-chat" ? "/openai/v1/chat/completions" : "/openai/v1/responses";
}

describe.if(exchanges.length > 0)("recorded exchanges with clouds", () => {
  test("there are some of each", () => {
    const count = (provider: string) => exchanges.filter((each) => each.provider === provider).length;
    expect(count("azure")).toBeGreaterThan(30);
    expect(count("vertex")).toBeGreaterThan(30);
  });

  for (const [number, exchange] of exchanges.entries()) {
    const { dialect, provider, model, isStream, answer: recorded } = exchange;
    const name = `${provider} ${dialect} ${exchange.id}${isStream ? " (stream)" : ""}`;

    test(`${name}: relayed to the path that the vendor expects`, async () => {
      player.mock.requests.length = 0;
      player.play(exchange, randomFrom(number + 1));
      const body = clientBody(exchange);
      const answer = await sendRequest(gateway.url, KEY, { dialect, model: `${provider}/${model}`, isStream, body });
      const [received, ...more] = player.mock.requests.filter(({ method }) => method === "POST");
      expect(more).toEqual([]);
      expect(received?.path).toBe(pathOf(exchange));
      expect(received?.json).toEqual(wantedBody(exchange));
      const headers = received?.headers ?? {};
      if (provider === "azure") expect(headers["api-key"]).toBe(AZURE_KEY);
      else expect(headers["authorization"]).toStartWith("Bearer token-");
      expect(JSON.stringify(received)).not.toContain(KEY);
      expect(answer.status).toBe(exchange.status);
      if (answer.status !== 200) return;
      if (dialect !== "openai-chat" || !isStream || exchange.request.stream_options?.include_usage === true)
        expect(answer.bytes.equals(recorded)).toBe(true);
      expect(readAnswer(dialect, isStream, answer.bytes.toString())).toEqual(
        readAnswer(dialect, isStream, recorded.toString()),
      );
    });

    if (exchange.status !== 200 || provider !== "vertex") continue;
    test(`${name}: to openai-chat`, async () => {
      player.play(exchange);
      const answer = await sendRequest(gateway.url, KEY, leastRequest("openai-chat", `${provider}/${model}`, isStream));
      expect(answer.status).toBe(200);
      expect(readAnswer("openai-chat", isStream, answer.bytes.toString())).toEqual(
        readAnswer(dialect, isStream, recorded.toString()),
      );
    });
  }

  test("each data thread asked for one token", () => {
    expect(tokens.asked.length).toBeGreaterThan(0);
    // Two data threads, and the control thread for the list of models.
    expect(tokens.asked.length).toBeLessThanOrEqual(3);
  });
});
