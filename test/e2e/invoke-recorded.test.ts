import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { asEvents } from "./invoke/events.ts";
import { readAnswer } from "./reading/index.ts";
import type { Loose } from "./reading/loose.ts";
import { leastRequest, sendRequest } from "./recorded/client.ts";
import { FILE, type Exchange } from "./recorded/exchanges.ts";
import { randomFrom, startPlayer, type Player } from "./recorded/player.ts";

/** Recorded calls of Anthropic's models over InvokeModel. */
const exchanges = existsSync(FILE) ? read() : [];
if (exchanges.length === 0) test.skip(`no recorded exchanges at ${FILE}`, () => {});

function read(): Exchange[] {
  const lines = gunzipSync(readFileSync(FILE)).toString().split("\n");
  const all = lines.filter((line) => line !== "").map((line): Loose => JSON.parse(line));
  return all
    .filter(({ op }) => op === "invoke" || op === "invoke.stream")
    .map((raw) => {
      const requestText = Buffer.from(raw["reqBody"], "base64").toString();
      const isStream = raw["op"] === "invoke.stream";
      const answer = Buffer.from(raw["resBody"], "base64");
      return {
        id: raw["id"],
        dialect: "anthropic-messages",
        isStream,
        status: raw["status"],
        type: raw["resHeaders"]["content-type"],
        provider: "invoker",
        model: decodeURIComponent(/\/model\/([^/]+)\//.exec(raw["url"])?.[1] ?? ""),
        request: JSON.parse(requestText),
        requestText,
        answer,
        answerText: isStream ? asEvents(answer) : answer.toString(),
      };
    });
}

let gateway: Gateway;
let player: Player;

beforeAll(async () => {
  if (exchanges.length === 0) return;
  player = await startPlayer();
  gateway = await startGateway({
    entry: join(import.meta.dir, "../gateway/invoke-main.ts"),
    config: {
      providers: { invoker: { base_url: player.mock.url, keys: [{ name: "main", value: "provider-key" }] } },
      access: { require_virtual_key: false },
    },
  });
});

afterAll(async () => {
  await gateway?.stop();
  await player?.mock.stop();
});

const ACTION = (isStream: boolean): string => (isStream ? "invoke-with-response-stream" : "invoke");

/** Relays the recorded request; the provider must get it to the byte, the client the answer. */
async function relay({ model, isStream, requestText, answer, type }: Exchange): Promise<void> {
  player.mock.requests.length = 0;
  const path = `/bedrock/model/${encodeURIComponent(`invoker/${model}`)}/${ACTION(isStream)}`;
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: requestText,
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const [received] = player.mock.requests;
  expect(received?.body).toBe(requestText);
  expect(received?.path).toBe(`/model/${encodeURIComponent(model)}/${ACTION(isStream)}`);
  expect({ status: response.status, type: response.headers.get("content-type") }).toEqual({ status: 200, type });
  expect(bytes.equals(answer)).toBe(true);
  expect(response.headers.get("x-trunkline-warnings")).toBeNull();
}

describe.if(exchanges.length > 0)("recorded calls of InvokeModel", () => {
  test("there are some", () => expect(exchanges.length).toBeGreaterThan(10));

  for (const [number, exchange] of exchanges.entries()) {
    const name = `${exchange.id}${exchange.isStream ? " (stream)" : ""}`;
    test(`${name}: relayed`, async () => {
      player.play(exchange);
      await relay(exchange);
    });

    test(`${name}: relayed in pieces`, async () => {
      player.play(exchange, randomFrom(number + 1));
      await relay(exchange);
    });

    for (const client of ["anthropic-messages", "openai-chat", "openai-responses", "gemini"] as const) {
      test(`${name}: to ${client}`, async () => {
        player.play(exchange, randomFrom(number + 7));
        const asked = await sendRequest(
          gateway.url,
          "",
          leastRequest(client, `invoker/${exchange.model}`, exchange.isStream),
        );
        const wanted = readAnswer("anthropic-messages", exchange.isStream, exchange.answerText);
        const seen = readAnswer(client, exchange.isStream, asked.bytes.toString());
        // Gemini's usage does not know writes to a cache.
        if (client === "gemini" && wanted.tokens !== null) wanted.tokens.cacheWrite = 0;
        expect({ status: asked.status, ...seen }).toEqual({ status: 200, ...wanted });
      });
    }
  }

  test("each has a record with the provider's usage", async () => {
    const records = await gateway.records(exchanges.length * 6);
    expect(records).toHaveLength(exchanges.length * 6);
    expect(records.filter(({ outcome, input_tokens }) => outcome !== "success" || input_tokens === 0)).toEqual([]);
  });
});
