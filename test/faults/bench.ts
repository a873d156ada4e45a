import { Database } from "bun:sqlite";
import { join } from "node:path";
import type { SpokenDialect as ChatDialect } from "../e2e/spoken.ts";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { startGateway, type Gateway, type GatewayOptions } from "../gateway/start.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { answerText } from "../mock-upstream/event-stream-view.ts";
import { jsonAnswer, streamAnswer } from "../mock-upstream/answers.ts";
import { WIRES, type AskOptions, type Reading } from "./wire.ts";

/** Milliseconds that a provider of the bench may take for anything. */
export const PATIENCE_MS = 250;
export const NETWORK = {
  connect_timeout_ms: PATIENCE_MS,
  first_byte_timeout_ms: PATIENCE_MS,
  idle_timeout_ms: PATIENCE_MS,
  max_retries: 0,
  backoff_initial_ms: 1,
  backoff_max_ms: 5,
};

/** Tokens that a full-size request of the bench asks for: at one dollar a million each key's budget holds it once. */
export const FULL_TOKENS = 100_000;
const FULL_USD = 0.15;

export const PIECES = ["Hel", "lo ", "wor", "ld."];
export const TEXT = PIECES.join("");
/** What the second target of a fallback says. */
export const OTHER_TEXT = "Here is the other one.";

export const DIALECT_NAMES = Object.keys(WIRES) as ChatDialect[];

/** A gateway before a mock that plays a script per model name, and a supply of fresh virtual keys. */
export interface Bench {
  gateway: Gateway;
  mock: MockUpstream;
  /** Registers a script; returns the model string that reaches it. */
  model(provider: ChatDialect, script: Step[] | ((request: MockRequest) => Step[] | Promise<Step[]>)): string;
  /** A virtual key that nobody has used: one full-size request fits its budget at a time, two requests its rate limit. */
  key(): string;
  /** Requests that went out with an id: each must have one record. */
  ids: string[];
  stop(): Promise<void>;
}

export interface BenchOptions {
  keys?: number;
  network?: Record<string, number>;
  config?: Record<string, unknown>;
  gateway?: Omit<GatewayOptions, "config">;
}

export async function startBench(options: BenchOptions = {}): Promise<Bench> {
  const scripts = new Map<string, (request: MockRequest) => Step[] | Promise<Step[]>>();
  const mock = await startMockUpstream((request) => {
    const script = scripts.get(modelOf(request));
    return script === undefined ? jsonAnswer({ error: { message: "no script", code: 404 } }, 404) : script(request);
  });
  const names = Array.from({ length: options.keys ?? 0 }, (_, at) => `key-${at}`);
  const gateway = await startGateway({ ...options.gateway, config: configOf(mock.url, names, options) });
  let next = 0;
  let nextKey = 0;
  return {
    gateway,
    mock,
    ids: [],
    model(provider, script) {
      const name = `m${next++}`;
      scripts.set(name, typeof script === "function" ? script : () => script);
      return `p-${provider}/${name}`;
    },
    key() {
      const name = names[nextKey++];
      if (name === undefined) throw new Error("the bench has no more keys");
      return keyValue(name);
    },
    stop: async () => {
      await gateway.stop();
      await mock.stop();
    },
  };
}

function keyValue(name: string): string {
  return `sk-tl-${name}-0123456789`;
}

/** A provider per dialect, all on one mock. */
export function configOf(url: string, keys: readonly string[], options: BenchOptions): Record<string, unknown> {
  const providers = DIALECT_NAMES.map((dialect) => [
    `p-${dialect}`,
    {
      dialect,
      base_url: `${url}/${dialect}`,
      keys: [{ name: "main", value: "upstream-secret" }],
      models: ["declared"],
      pricing: { "*": { input: 1, output: 1 } },
      network: { ...NETWORK, ...options.network },
    },
  ]);
  const virtualKeys = keys.map((name) => ({
    name,
    value: keyValue(name),
    provider_configs: DIALECT_NAMES.map((dialect) => ({ provider: `p-${dialect}` })),
    budgets: [{ limit_usd: FULL_USD, period: "never" }],
    rate_limits: [{ metric: "requests", limit: 2, window: "1Y" }],
  }));
  const access = { require_virtual_key: false };
  return {
    version: 1,
    access,
    providers: Object.fromEntries(providers),
    governance: { virtual_keys: virtualKeys },
    ...options.config,
  };
}

function modelOf(request: MockRequest): string {
  const inPath = /\/models\/([^:]+):/.exec(request.path)?.[1] ?? /\/model\/([^/]+)\//.exec(request.path)?.[1];
  return inPath ?? (typeof request.json["model"] === "string" ? request.json["model"] : "");
}

/** What a client saw of one request. */
export interface Seen {
  id: string;
  status: number;
  headers: Headers;
  /** The body as far as it came. */
  body: string;
  /** The body ended as HTTP should. */
  endedWell: boolean;
  /** Of a streamed answer. */
  reading: Reading;
  /** Of an error. */
  error: { code: string; message: string };
}

/** Sends a request in a dialect and reads the answer to its end. */
export async function ask(
  bench: Pick<Bench, "gateway" | "ids">,
  client: ChatDialect,
  model: string,
  options: AskOptions & { key?: string; signal?: AbortSignal; headers?: Record<string, string>; onHead?: () => void },
): Promise<Seen> {
  const { path, body } = WIRES[client].ask(model, options);
  const response = await fetch(bench.gateway.url + path, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(options.key !== undefined && { "x-trunkline-key": options.key }),
      ...(client === "anthropic-messages" && { "anthropic-version": "2023-06-01" }),
      ...options.headers,
    },
    body: JSON.stringify(body),
    ...(options.signal !== undefined && { signal: options.signal }),
  });
  options.onHead?.();
  const id = response.headers.get("x-trunkline-request-id") ?? "";
  if (id !== "") bench.ids.push(id);
  const { text, endedWell } = await readAll(response);
  const isStream = response.status === 200 && options.stream;
  return {
    id,
    status: response.status,
    headers: response.headers,
    body: text,
    endedWell,
    reading: isStream
      ? WIRES[client].readStream(text)
      : {
          text: response.status === 200 ? WIRES[client].readWhole(JSON.parse(text)) : "",
          error: null,
          isWhole: response.status === 200,
          hasMark: response.status === 200,
        },
    error: response.status === 200 ? { code: "", message: "" } : WIRES[client].readError(JSON.parse(text)),
  };
}

async function readAll(response: Response): Promise<{ text: string; endedWell: boolean }> {
  const chunks: Uint8Array[] = [];
  const type = response.headers.get("content-type") ?? "";
  const text = (): string => answerText(type, Buffer.concat(chunks));
  try {
    if (response.body !== null) for await (const chunk of response.body) chunks.push(chunk);
    return { text: text(), endedWell: true };
  } catch {
    return { text: text(), endedWell: false };
  }
}

/** The record of a request, once it is in the store (waits up to 10 s). */
export async function recordOf(gateway: Gateway, id: string): Promise<RequestRecord> {
  const path = join(gateway.dir, "data", "trunkline.db");
  for (let round = 0; round < 400; round += 1) {
    const database = new Database(path, { readonly: true });
    try {
      const row = database.query<{ record: string }, [string]>("SELECT record FROM request_logs WHERE id = ?").get(id);
      if (row !== null) return JSON.parse(row.record) as RequestRecord;
    } finally {
      database.close();
    }
    await Bun.sleep(25);
  }
  throw new Error(`no record of ${id}`);
}

/** Waits until something holds, up to 10 s. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, seconds = 10): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await Bun.sleep(5);
  }
}

/** The answer of a provider that is well. */
export function goodAnswer(provider: ChatDialect, stream: boolean, text = TEXT): Step[] {
  const wire = WIRES[provider];
  if (!stream) return jsonAnswer(wire.whole(text, wire.usage));
  return streamAnswer(wire.events(text === TEXT ? PIECES : [text, "\n"], wire.usage));
}

/** Sum of `requests_total` over all labels: records that went through the sinks, doubles included. */
export async function countedRequests(gateway: Gateway): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  let sum = 0;
  for (const match of text.matchAll(/^trunkline_requests_total\{[^\n]*\} (\d+)$/gm)) sum += Number(match[1]);
  return sum;
}
