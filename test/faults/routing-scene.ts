import type { SpokenDialect } from "../e2e/spoken.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { ask, countedRequests, until, type Seen } from "./bench.ts";
import { WIRES, type AskOptions } from "./wire.ts";

/** Output tokens of a request of the scene: at a dollar a million, a budget holds two of them at a time, not three. */
export const TOKENS = 100_000;
const BUDGET_USD = 0.25;

export type Script = Step[] | ((request: MockRequest) => Step[] | Promise<Step[]>);

/** A provider that nobody has used yet, with two keys. */
export interface Place {
  name: string;
  /** The model string that reaches it. */
  model: string;
  /** Which key each call came with. */
  keys: string[];
}

/** A gateway before providers that play scripts, and a supply of fresh virtual keys with budgets. */
export interface Scene {
  gateway: Gateway;
  mock: MockUpstream;
  ids: string[];
  place(script: Script, dialect?: PlaceDialect): Place;
  /** The provider of this name, which the configuration speaks of. */
  named(name: string, script: Script): Place;
  key(): string;
  ask(client: SpokenDialect, model: string, options?: Partial<SceneAsk>): Promise<Seen>;
  stop(): Promise<void>;
}

type PlaceDialect = "openai-chat" | "anthropic-messages";
type SceneAsk = AskOptions & { key: string; signal: AbortSignal; headers: Record<string, string> };

const KEYS = 30;
const KINDS: readonly (readonly [prefix: string, dialect: PlaceDialect, count: number])[] = [
  ["o", "openai-chat", 90],
  ["a", "anthropic-messages", 10],
];

export interface SceneOptions {
  routing: Record<string, unknown>;
  aliases?: Record<string, unknown>;
  network?: Record<string, number>;
  server?: Record<string, unknown>;
}

export async function startScene(options: SceneOptions): Promise<Scene> {
  const scripts = new Map<string, (request: MockRequest) => Step[] | Promise<Step[]>>();
  const mock = await startMockUpstream((request) => {
    const script = scripts.get(request.path.split("/")[1] ?? "");
    return script === undefined ? jsonAnswer({ error: { message: "no script" } }, 404) : script(request);
  });
  const gateway = await startGateway({ config: configOf(mock.url, options) });
  const used = { o: 0, a: 0, keys: 0 };
  const ids: string[] = [];
  const named = (name: string, script: Script): Place => {
    const place: Place = { name, model: `${name}/m`, keys: [] };
    scripts.set(name, (request) => {
      const shown = request.headers["x-api-key"] ?? request.headers["authorization"] ?? "";
      place.keys.push(shown.slice(-1));
      return typeof script === "function" ? script(request) : script;
    });
    return place;
  };
  return {
    gateway,
    mock,
    ids,
    place: (script, dialect = "openai-chat") =>
      named(dialect === "openai-chat" ? `o${used.o++}` : `a${used.a++}`, script),
    named,
    key: () => keyValue(used.keys++),
    ask: (client, model, more = {}) =>
      ask({ gateway, ids }, client, model, { stream: false, maxTokens: TOKENS, ...more }),
    stop: async () => {
      await gateway.stop();
      await mock.stop();
    },
  };
}

function keyValue(at: number): string {
  return `sk-tl-scene-${at}-0123456789`;
}

function configOf(url: string, { routing, aliases = {}, network, server = {} }: SceneOptions): unknown {
  const names = KINDS.flatMap(([prefix, dialect, count]) =>
    Array.from({ length: count }, (_, at) => [`${prefix}${at}`, dialect] as const),
  );
  const providers = names.map(([name, dialect]) => [
    name,
    {
      dialect,
      base_url: `${url}/${name}`,
      keys: [
        { name: "a", value: "upstream-secret-a", weight: 1000 },
        { name: "b", value: "upstream-secret-b", weight: 0.000001 },
      ],
      models: ["m"],
      pricing: { "*": { input: 1, output: 1 } },
      network: { max_retries: 0, first_byte_timeout_ms: 20_000, ...network },
    },
  ]);
  const virtualKeys = Array.from({ length: KEYS }, (_, at) => ({
    name: `key-${at}`,
    value: keyValue(at),
    provider_configs: names.map(([provider]) => ({ provider })),
    budgets: [{ limit_usd: BUDGET_USD, period: "never" }],
  }));
  return {
    version: 1,
    access: { require_virtual_key: false },
    server,
    aliases,
    routing,
    providers: Object.fromEntries(providers),
    governance: { virtual_keys: virtualKeys },
  };
}

/** Calls under way by the gateway's own count, over all targets. */
export async function inFlight({ gateway }: Pick<Scene, "gateway">): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  let sum = 0;
  for (const match of text.matchAll(/^trunkline_target_in_flight\{[^\n]*\} (\d+)$/gm)) sum += Number(match[1]);
  return sum;
}

/** Waits until nothing is under way any more, and checks that each request that was asked has one record. */
export async function expectQuiet(scene: Scene): Promise<void> {
  await until(async () => (await inFlight(scene)) === 0, "nothing is in flight");
  await until(async () => (await countedRequests(scene.gateway)) >= scene.ids.length, "all requests are recorded");
  const counted = await countedRequests(scene.gateway);
  if (counted !== scene.ids.length) throw new Error(`${counted} records of ${scene.ids.length} requests`);
}

/** Answers in the dialect of a place. */
export const wireOf = (dialect: PlaceDialect): (typeof WIRES)[PlaceDialect] => WIRES[dialect];
