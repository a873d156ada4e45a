import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ProviderManifest } from "../../src/canonical/provider.ts";
import { dialects } from "../../src/compose/dialects.ts";
import { manifests } from "../../src/compose/providers.ts";
import { compileGlobs } from "../../src/lib/glob.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { eventsOf, type WireEvent } from "./reading/events.ts";
import type { Loose } from "./reading/loose.ts";
import { readAnswer, type Reading, type Tokens } from "./reading/index.ts";
import { leastRequest, sendRequest, type ClientAnswer } from "./recorded/client.ts";
import { FILE, loadExchanges, RECORDED_PROVIDERS, type Exchange } from "./recorded/exchanges.ts";
import { SPOKEN as NAMES, type SpokenDialect as ChatDialect } from "./spoken.ts";
import { randomFrom, startPlayer, type Player } from "./recorded/player.ts";

const KEY = "sk-tl-recorded-traffic";
const PROVIDER_KEY = "provider-key-of-the-test";
const exchanges = loadExchanges();
if (exchanges.length === 0) test.skip(`no recorded exchanges at ${FILE}`, () => {});

let gateway: Gateway;
let player: Player;
/** What the records must say, by request id. */
const expected = new Map<string, { exchange: Exchange; tokens: Tokens | null }>();
/** Requests so far, those without a call of a provider among them. */
let asked = 0;

/** Providers that bring usage on streams without being asked, and refuse to be asked. */
const UNASKED = new Set(manifests.filter(refusesToBeAsked).map(({ name }) => name));
const RECORDED: readonly ChatDialect[] = [
  "anthropic-messages",
  "bedrock-converse",
  "cohere",
  "gemini",
  "openai-chat",
  "openai-responses",
];

beforeAll(async () => {
  if (exchanges.length === 0) return;
  player = await startPlayer();
  gateway = await startGateway({ config: configFor(player.mock.url) });
});

afterAll(async () => {
  await gateway?.stop();
  await player?.mock.stop();
});

function configFor(base_url: string): object {
  const network = { max_retries: 0 };
  const built = RECORDED_PROVIDERS.map((name) => [
    name,
    { base_url, network, keys: [{ name: "main", value: PROVIDER_KEY }] },
  ]);
  const custom = NAMES.map((dialect) => [`host-of-${dialect}`, { dialect, base_url, network, keyless: true }]);
  const providers = Object.fromEntries([...built, ...custom]);
  const provider_configs = Object.keys(providers).map((provider) => ({ provider }));
  return { providers, governance: { virtual_keys: [{ name: "app", value: KEY, provider_configs }] } };
}

/** Calls with the recorded request, which the provider of the same dialect must receive as it was. */
async function relay(exchange: Exchange, asArray = false): Promise<ClientAnswer> {
  const { dialect, provider, model, isStream } = exchange;
  const name = `${provider}/${model}`;
  const inBody = dialects.get(dialect)?.modelInBody === true;
  const body = inBody ? named(exchange.requestText, name) : exchange.requestText;
  player.mock.requests.length = 0;
  asked += 1;
  const answer = await sendRequest(gateway.url, KEY, { dialect, model: name, isStream, body, asArray });
  // The gateway also asks for the list of models, in its own time.
  const calls = player.mock.requests.filter(({ method }) => method === "POST");
  const [received] = calls;
  if (received === undefined) throw new Error(`no upstream call: ${answer.status} ${answer.bytes.toString()}`);
  expect(calls).toHaveLength(1);
  expect(received.path).toBe(PATHS[dialect](model, isStream));
  expect(received.headers["authorization"] ?? received.headers["x-api-key"] ?? received.headers["x-goog-api-key"]).toBe(
    credentialOf(exchange),
  );
  expect(JSON.stringify(received)).not.toContain(KEY);
  const wanted = inBody ? named(body, model) : body;
  if (!isAsked(exchange)) expect(received.body).toBe(wanted);
  else
    expect(received.json).toEqual({
      ...JSON.parse(wanted),
      stream_options: { ...optionsOf(exchange), include_usage: true },
    });
  note(exchange, answer);
  return answer;
}

const PATHS: Record<ChatDialect, (model: string, isStream: boolean) => string> = {
  "openai-chat": () => "/chat/completions",
  "openai-completions": () => "/completions",
  "openai-responses": () => "/responses",
  ollama: () => "/api/chat",
  "anthropic-messages": () => "/messages",
  "bedrock-converse": (model, isStream) => `/model/${encodeURIComponent(model)}/converse${isStream ? "-stream" : ""}`,
  cohere: () => "/chat",
  gemini: (model, isStream) =>
    isStream ? `/models/${model}:streamGenerateContent?alt=sse` : `/models/${model}:generateContent`,
};

/** The text with another top-level model. */
function named(text: string, model: string): string {
  const rest = { ...JSON.parse(text), model };
  for (const { 0: found, 1: before, 2: after, index } of text.matchAll(/"model"(\s*:)(\s*)"[^"]*"/g)) {
    const next = `${text.slice(0, index)}"model"${before}${after}${JSON.stringify(model)}${text.slice(index + found.length)}`;
    if (Bun.deepEquals(JSON.parse(next), rest)) return next;
  }
  throw new Error(`no model at the top: ${text.slice(0, 200)}`);
}

function credentialOf({ provider }: Exchange): string | undefined {
  const manifest = manifests.find(({ name }) => name === provider);
  if (manifest === undefined) return undefined;
  const { auth } = manifest;
  const scheme = auth.type === "signed" ? auth.plain : auth;
  return scheme?.type === "bearer" ? `Bearer ${PROVIDER_KEY}` : PROVIDER_KEY;
}

function refusesToBeAsked({ wires }: ProviderManifest): boolean {
  return wires.some(({ flags }) => flags?.noStreamOptions === true);
}

/** Most streams of chat completions bring usage only when asked to: the gateway asks when the client does not. */
function isAsked(exchange: Exchange): boolean {
  if (exchange.dialect !== "openai-chat" || !exchange.isStream || UNASKED.has(exchange.provider)) return false;
  return optionsOf(exchange)?.include_usage !== true;
}

function optionsOf({ request }: Exchange): Loose {
  return request.stream_options;
}

function note(exchange: Exchange, answer: ClientAnswer): void {
  const id = answer.headers.get("x-trunkline-request-id") ?? "";
  expect(expected.has(id)).toBe(false);
  expected.set(id, { exchange, tokens: tokensOf(exchange) });
}

/** The usage that the provider reported; null: none, and the gateway estimates. */
function tokensOf(exchange: Exchange): Tokens | null {
  if (!isAnswer(exchange)) return null;
  const { tokens } = readAnswer(exchange.dialect, exchange.isStream, exchange.answerText);
  return tokens === null || tokens.input + tokens.output === 0 ? null : tokens;
}

const FAULTS = new Set(["error", "response.failed"]);

/** False for recordings that hold an error, or an answer that begins within another one. */
function isAnswer({ status, isStream, answerText, dialect }: Exchange): boolean {
  if (status !== 200) return false;
  if (!isStream) return isWhole(JSON.parse(answerText), dialect);
  const events = eventsOf(answerText);
  if (events.length === 0 || /^error: /m.test(answerText)) return false;
  return !isSpliced(events) && !events.some(isFault);
}

function isWhole(body: Loose, dialect: ChatDialect): boolean {
  return body.error == null && (dialect !== "openai-chat" || Array.isArray(body.choices));
}

/** Hosts of chat completions put an error into a chunk. */
function isFault({ event, data }: WireEvent): boolean {
  if (FAULTS.has(event)) return true;
  return data.includes('"error":{') && JSON.parse(data).error?.message !== undefined;
}

function isSpliced(events: readonly WireEvent[]): boolean {
  const end = events.findIndex(({ event }) => event === "message_stop");
  const starts = events.slice(0, Math.max(0, end)).filter(({ event }) => event === "message_start");
  return new Set(starts.map(({ data }) => JSON.parse(data).message.id)).size > 1;
}

function seenBy(exchange: Exchange, answer: ClientAnswer): void {
  const { provider, isStream, answer: recorded } = exchange;
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toStartWith(
    isStream ? (dialects.get(exchange.dialect)?.streamContentType.split(";")[0] ?? "") : "application/json",
  );
  expect(answer.headers.get("x-trunkline-provider")).toBe(provider);
  expect(answer.headers.get("x-trunkline-attempts")).toBe("1");
  const warnings = answer.headers.get("x-trunkline-warnings");
  if (tokensOf(exchange) !== null) expect(warnings).toBeNull();
  else expect(warnings ?? "estimated usage").toBe("estimated usage");
  if (!isAsked(exchange)) {
    expect(answer.bytes.equals(recorded)).toBe(true);
    return;
  }
  const wanted: object[] = eventsOf(recorded.toString()).map(softened);
  expect<object[]>(eventsOf(answer.bytes.toString())).toEqual(wanted);
}

/** A chunk of usage alone, which the client did not ask for, has a choice in which nothing happens; the others say nothing of it. */
function softened({ event, data }: { event: string; data: string }): object {
  const isUsage = /"choices"\s*:\s*\[\s*\]/.test(data) && data.includes('"usage"');
  if (!isUsage) return { event, data: data.replace(',"usage":null', "") };
  return {
    event,
    data: data.replace(/"choices"\s*:\s*\[\s*\]/, '"choices":[{"index":0,"delta":{},"finish_reason":null}]'),
  };
}

/** A provider that speaks the exchange's dialect to that client: the host itself, unless it speaks another one to it. */
function speaker({ dialect, provider, model }: Exchange, client: ChatDialect): string {
  const wires = manifests.find(({ name }) => name === provider)?.wires ?? [];
  if (wires.length === 0) return provider;
  const serving = wires.filter(({ models = ["*"] }) => compileGlobs(models).test(model));
  const spoken = serving.find((wire) => wire.dialect === client) ?? serving[0];
  return spoken?.dialect === dialect ? provider : `host-of-${dialect}`;
}

async function translate(exchange: Exchange, client: ChatDialect): Promise<void> {
  const { dialect, model, isStream, answerText: recorded } = exchange;
  const least = leastRequest(client, `${speaker(exchange, client)}/${model}`, isStream);
  asked += 1;
  const answer = await sendRequest(gateway.url, KEY, least);
  expect({ client, status: answer.status }).toEqual({ client, status: 200 });
  note(exchange, answer);
  const told = readAnswer(dialect, isStream, recorded);
  const wanted = speaker(exchange, client) === exchange.provider ? unthought(exchange, told) : told;
  const seen = readAnswer(client, isStream, answer.text);
  for (const call of seen.calls) call.arguments = freeText(call.arguments, wanted);
  if (ENDS_REFUSED.has(client) && wanted.ending === "stop" && REFUSAL.test(recorded)) wanted.ending = "filter";
  // Most wires have no word for other reasons, nor for none.
  if (wanted.ending === "other" && seen.ending === "stop") wanted.ending = "stop";
  if (wanted.ending === "none") wanted.ending = wanted.calls.length > 0 ? "tool_calls" : seen.ending;
  if (seen.tokens === null && tokensOf(exchange) === null) wanted.tokens = null;
  expect({ client, ...seen }).toEqual({ client, ...sayable(client, wanted) });
}

/** Wires on which a refusal in words has a reason of its own. */
const ENDS_REFUSED: ReadonlySet<ChatDialect> = new Set(["anthropic-messages", "bedrock-converse"]);
const REFUSAL = /"refusal":\s*"[^"]/;

/** Thoughts that a model writes between tags are told apart at hosts whose manifest says that it does. */
function unthought({ provider, model }: Exchange, reading: Reading): Reading {
  const wires = manifests.find(({ name }) => name === provider)?.wires ?? [];
  const serving = wires.filter(({ models = ["*"] }) => compileGlobs(models).test(model));
  const tagged = /^\s*<think>\s*([\s\S]*?)\s*(?:<\/think>\s*|$)/.exec(reading.text);
  if (tagged === null || !serving.some(({ flags }) => flags?.thinkTags === true)) return reading;
  return { ...reading, reasoning: tagged[1] ?? "", text: reading.text.slice(tagged[0].length) };
}

/** Goes on from what the gateway would have to keep. */
function goesOn({ request }: Exchange): boolean {
  return request.previous_response_id != null || request.conversation != null;
}

/** What a client's wire has a place for. */
function sayable(client: ChatDialect, { tokens, ...reading }: Reading): Reading {
  const counted = countedBy(client, tokens);
  if (client !== "openai-completions") return { ...reading, tokens: counted };
  // Completions have words only.
  const ending = reading.ending === "tool_calls" ? "stop" : reading.ending;
  return { ...reading, ending, tokens: counted, reasoning: "", calls: [] };
}

/** Counts that the usage of a dialect does not have. */
const UNCOUNTED: Partial<Record<ChatDialect, Partial<Tokens>>> = {
  "bedrock-converse": { reasoning: 0 },
  cohere: { cacheWrite: 0, reasoning: 0 },
  gemini: { cacheWrite: 0 },
  ollama: { cacheWrite: 0, cached: 0, reasoning: 0 },
};

function countedBy(client: ChatDialect, tokens: Tokens | null): Tokens | null {
  if (tokens === null) return CANNOT_MISS.has(client) ? { ...NO_TOKENS } : null;
  return { ...tokens, ...UNCOUNTED[client] };
}

/** Their usage cannot be missing. */
const CANNOT_MISS: ReadonlySet<ChatDialect> = new Set(["anthropic-messages", "bedrock-converse"]);
const NO_TOKENS: Tokens = { input: 0, cached: 0, cacheWrite: 0, output: 0, reasoning: 0 };

/** Free text for a custom tool stands in the one argument of a function where a wire knows functions only. */
function freeText(seen: unknown, wanted: Reading): unknown {
  const texts = wanted.calls.map((call) => call.arguments).filter((each) => typeof each === "string");
  const only = typeof seen === "object" && seen !== null ? Object.values(seen) : [];
  return only.length === 1 && texts.includes(only[0]) ? only[0] : seen;
}

/** The provider refused the gateway's credential, which is no fault of the client's; its words are kept back. */
const REFUSED: ReadonlySet<number> = new Set([401, 402, 403]);

describe.if(exchanges.length > 0)("recorded exchanges through the gateway", () => {
  test("there are many of the dialects that were recorded", () => {
    for (const name of RECORDED) expect(exchanges.filter(({ dialect }) => dialect === name).length).toBeGreaterThan(9);
  });

  for (const [number, exchange] of exchanges.entries()) {
    const name = `${exchange.dialect} ${exchange.id}${exchange.isStream ? " (stream)" : ""}`;
    if (!isAnswer(exchange)) {
      test(`${name}: the error`, async () => {
        player.play(exchange);
        const answer = await relay(exchange);
        const isRefused = REFUSED.has(exchange.status);
        if (exchange.status !== 200) expect(answer.status).toBe(isRefused ? 502 : exchange.status);
        else if (!exchange.isStream) expect(answer.status).toBeGreaterThanOrEqual(400);
        if (isRefused) return;
        const message = /"message": ?("(?:[^"\\]|\\.)*)"/.exec(exchange.answer.toString())?.[1];
        if (message !== undefined) expect(answer.text).toContain(`"message":${message}`);
      });
      continue;
    }
    if (!goesOn(exchange)) {
      test(`${name}: relayed`, async () => {
        player.play(exchange);
        seenBy(exchange, await relay(exchange));
      });
      test(`${name}: relayed in pieces`, async () => {
        player.play(exchange, randomFrom(number + 1));
        seenBy(exchange, await relay(exchange));
      });
    }
    if (exchange.dialect === "gemini" && exchange.isStream) {
      test(`${name}: as a JSON array`, async () => {
        player.play(exchange, randomFrom(number + 3));
        const answer = await relay(exchange, true);
        const wanted = eventsOf(exchange.answer.toString()).map(({ data }) => JSON.parse(data));
        expect(answer.headers.get("content-type")).toBe("application/json");
        expect(readAnswer("gemini", true, answer.bytes.toString())).toEqual(
          readAnswer("gemini", true, JSON.stringify(wanted)),
        );
      });
    }
    for (const client of NAMES.filter((each) => each !== exchange.dialect)) {
      test(`${name}: to ${client}`, async () => {
        player.play(exchange);
        await translate(exchange, client);
      });
    }
  }

  test("every call has one record with the provider's usage", async () => {
    const records = await gateway.records(asked);
    expect(records.filter(({ id }) => expected.has(id))).toHaveLength(expected.size);
    const wrong = [];
    for (const record of records) {
      if (!expected.has(record.id)) continue;
      const { exchange, tokens } = expected.get(record.id) ?? {};
      const seen = {
        input: record.input_tokens,
        cached: record.cached_input_tokens,
        cacheWrite: record.cache_write_tokens,
        output: record.output_tokens,
        reasoning: record.reasoning_tokens,
      };
      const isSame = tokens === null ? true : Bun.deepEquals(seen, tokens);
      if (!isSame) wrong.push({ id: exchange?.id, client: record.dialect, seen, tokens });
    }
    expect(wrong).toEqual([]);
  });
});
