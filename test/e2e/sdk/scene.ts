import { expect } from "bun:test";
import { SPOKEN, type SpokenDialect as ChatDialect } from "../spoken.ts";
import { startGateway, type Gateway } from "../../gateway/start.ts";
import { answerNamed, ANSWERS, type AnswerName } from "../provider/answer.ts";
import { startProviders, WIRES, type Providers } from "../provider/index.ts";
import type { Asked } from "../provider/asked.ts";

/** A response of the gateway, as it passed the SDK. */
export interface Seen {
  id: string;
  status: number;
  headers: Headers;
  /** The provider's last answer to it. */
  answer: AnswerName | null;
  dialect: ChatDialect | null;
}

/** A gateway before providers of several dialects, and everything that SDKs in this process got from it. */
export interface Scene {
  gateway: Gateway;
  providers: Providers;
  seen: Seen[];
  /** Headers of the latest response. */
  headers: () => Headers;
  /** The latest call that a provider received. */
  asked: () => Asked;
  close(): Promise<void>;
}

export const KEY = "sk-tl-sdk-tests-0123456789";

/** What the clients' conversation is to a provider. */
export const TURNS: readonly object[] = [
  { role: "user", text: "Bonjour" },
  { role: "assistant", text: "Salut !" },
  { role: "user", text: "Weather in Paris?" },
];
const PROVIDER_KEY = "secret-of-the-provider";
/** Every dialect that a provider may speak. */
export const ALL_DIALECTS = SPOKEN;
/** Dialects with tools to choose, reasoning state, and counts for all that is billed apart. */
const FULL: readonly ChatDialect[] = [
  "anthropic-messages",
  "bedrock-converse",
  "cohere",
  "gemini",
  "openai-chat",
  "openai-responses",
];
export const DIALECTS = ALL_DIALECTS.filter((dialect) => FULL.includes(dialect));

/** The model string for a provider of that dialect. */
export function modelAt(dialect: ChatDialect): string {
  return `on-${dialect}/${WIRES[dialect].model}`;
}

/** Starts a scene with a provider of each of `dialects`; `more` goes over the config. */
export async function startScene(
  more: (url: string) => object = () => ({}),
  dialects: readonly ChatDialect[] = DIALECTS,
): Promise<Scene> {
  const providers = await startProviders();
  const { url } = providers.mock;
  const gateway = await startGateway({ config: { ...configFor(url, dialects), ...more(url) } });
  const seen: Seen[] = [];
  const stopWatching = watchFetch(gateway.url, providers, seen);
  return {
    gateway,
    providers,
    seen,
    headers: () => seen.at(-1)?.headers ?? new Headers(),
    asked: () => {
      const last = providers.calls.at(-1);
      if (last === undefined) throw new Error("no provider was called");
      return last.asked;
    },
    close: async () => {
      stopWatching();
      await gateway.stop();
      await providers.mock.stop();
    },
  };
}

/** A provider of each of these dialects. */
export function providersAt(url: string, dialects: readonly ChatDialect[] = DIALECTS): Record<string, object> {
  const network = { max_retries: 0 };
  const keys = [{ name: "main", value: PROVIDER_KEY }];
  return Object.fromEntries(
    dialects.map((dialect) => {
      const { model } = WIRES[dialect];
      const pricing = { [model]: { input: 1, output: 2, cached_input: 0.5 } };
      return [`on-${dialect}`, { dialect, base_url: `${url}/${dialect}`, network, keys, models: [model], pricing }];
    }),
  );
}

function configFor(url: string, dialects: readonly ChatDialect[]): object {
  const providers = providersAt(url, dialects);
  const provider_configs = Object.keys(providers).map((provider) => ({ provider }));
  return { providers, governance: { virtual_keys: [{ name: "app", value: KEY, provider_configs }] } };
}

/** Looks at what the SDKs fetch, and changes nothing. */
function watchFetch(url: string, providers: Providers, seen: Seen[]): () => void {
  const original = globalThis.fetch;
  const watching = async (...call: Parameters<typeof fetch>): Promise<Response> => {
    const response = await original(...call);
    if (!response.url.startsWith(url)) return response;
    const { headers, status } = response;
    const last = providers.calls.at(-1);
    const id = headers.get("x-trunkline-request-id") ?? "";
    seen.push({ id, status, headers, answer: last?.answer ?? null, dialect: last?.dialect ?? null });
    return response;
  };
  globalThis.fetch = Object.assign(watching, original);
  return () => {
    globalThis.fetch = original;
  };
}

/** Each request that an SDK made has one record, with the usage and cost of the answer that it got. */
export async function checkRecords({ gateway, seen, providers }: Scene): Promise<void> {
  const inference = seen.filter(({ id }) => id !== "");
  const records = await gateway.records(inference.length);
  expect(records.map(({ id }) => id).toSorted()).toEqual(inference.map(({ id }) => id).toSorted());
  for (const { id, answer, status, dialect } of inference) {
    const record = records.find((each) => each.id === id);
    // Counts that the gateway estimates itself reach no provider.
    const provider = record?.attempts.length === 0 ? null : `on-${dialect}`;
    expect(record).toMatchObject({ status, outcome: "success", virtual_key: "app", provider });
    if (answer === null) continue;
    const { input, cached, output, reasoning } = answerNamed(answer).usage;
    expect(record).toMatchObject({
      input_tokens: input,
      cached_input_tokens: cached,
      output_tokens: output,
      reasoning_tokens: toldReasoning(dialect, reasoning),
      cost_nano_usd: (input - cached) * 1000 + cached * 500 + output * 2000,
    });
  }
  for (const { request } of providers.calls) expect(JSON.stringify(request)).not.toContain(KEY);
}

/** What every provider must have been told, whatever the client's SDK: no gateway credential, its own key. */
export function checkCall({ providers, headers }: Scene, dialect: ChatDialect): void {
  const call = providers.calls.at(-1);
  expect(call?.dialect).toBe(dialect);
  expect(call?.asked.model).toBe(WIRES[dialect].model);
  const text = JSON.stringify(call?.request);
  expect(text).not.toContain(KEY);
  expect(text).not.toContain("trunkline-");
  expect(text).toContain(PROVIDER_KEY);
  expect(headers().get("x-trunkline-provider")).toBe(`on-${dialect}`);
  expect(headers().get("x-trunkline-model")).toBe(WIRES[dialect].model);
  expect(headers().get("x-trunkline-key")).toBe("main");
  expect(headers().get("x-trunkline-attempts")).toBe("1");
}

function lacks(dialect: ChatDialect, what: "name" | "count" | "state"): boolean {
  return WIRES[dialect].lacks?.includes(what) === true;
}

/** The model that an answer tells; where it tells none, the one that was asked for. */
export function toldModel(dialect: ChatDialect): string {
  return lacks(dialect, "name") ? modelAt(dialect) : "host-model-2025";
}

/** The reasoning tokens that a provider of the dialect reports: some count them as output and no more. */
export function toldReasoning(dialect: ChatDialect | null, tokens: number): number {
  return dialect !== null && lacks(dialect, "count") ? 0 : tokens;
}

/** The state of a provider's scripted thought, as it must come back to it. */
export function secretsOf(dialect: ChatDialect): string[] {
  return lacks(dialect, "state") ? [] : [ANSWERS.thought.thought.secret];
}

/** Claude's signatures are good wherever it is served. */
const CLAUDE: ReadonlySet<ChatDialect> = new Set(["anthropic-messages", "bedrock-converse"]);

/** A conversation that another maker began goes on without its state, and the client is told. */
export function checkSwitched(scene: Scene, dialect: ChatDialect, maker: ChatDialect): void {
  checkCall(scene, dialect);
  const isOneMaker = CLAUDE.has(dialect) && CLAUDE.has(maker);
  // A thought without state may have the field for it.
  const secrets = scene.asked().secrets.filter((secret) => secret !== "");
  expect(secrets).toEqual(isOneMaker ? secretsOf(maker) : []);
  expect(scene.asked().calls).toHaveLength(1);
  expect(scene.asked().results).toHaveLength(1);
  expect(JSON.stringify(scene.providers.calls.at(-1)?.request.json)).not.toContain("tl1.");
  if (lacks(maker, "state")) return;
  const warnings = scene.headers().get("x-trunkline-warnings") ?? "";
  expect({ maker, dialect, isDropped: warnings.includes("dropped_opaque") }).toEqual({
    maker,
    dialect,
    isDropped: !isOneMaker,
  });
}
