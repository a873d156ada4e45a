import { afterAll, beforeAll, beforeEach } from "bun:test";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { until } from "./bench.ts";
import { WIRES } from "./wire.ts";

export const wire = WIRES["openai-chat"];
export const LONG_MS = 20_000;
const PRICED = { "*": { input: 1, output: 1 } };

/** A provider by its name, which is also the first part of its path at the mock. */
export function provider(
  url: string,
  name: string,
  more: object = {},
  keys: object[] = [{ name: "main", value: "main" }],
): [string, object] {
  const network = { max_retries: 0, first_byte_timeout_ms: LONG_MS };
  const base = { dialect: "openai-chat", base_url: `${url}/${name}`, keys, models: ["m"], network, pricing: PRICED };
  return [name, { ...base, ...more }];
}

export const room = (limit: number, queue = 1000, timeout = LONG_MS): object => ({
  concurrency: { limit, queue, queue_timeout_ms: timeout },
});
export const keyed = (name: string, more: object = {}): object => ({ name, value: name, ...more });
export const rate = (limit: number, metric = "requests"): object => ({
  rate_limits: [{ metric, limit, window: "1h" }],
});
export const inOrder = (...names: string[]): object => ({
  policy: "priority",
  targets: names.map((each) => ({ provider: each, model: "m" })),
});

export interface AskOptions {
  headers?: Record<string, string>;
  stream?: boolean;
  signal?: AbortSignal;
  maxTokens?: number;
}

export const as = (priority: string): AskOptions => ({ headers: { authorization: `Bearer sk-tl-${priority}` } });

/** A gateway of four threads before providers whose calls are counted and may be held. */
export class LoadScene {
  /** Most calls under way at each provider (`name`) and with each of its keys (`name#key`) since the test began. */
  readonly most = new Map<string, number>();
  /** What a provider answers, by its name. */
  readonly scripts = new Map<string, (request: MockRequest) => Promise<Step[]>>();
  private readonly now = new Map<string, number>();
  /** Calls that are held at a provider until the test lets them go. */
  private readonly held = new Map<string, (() => void)[]>();
  private running: { mock: MockUpstream; gateway: Gateway } | null = null;

  /** Starts before the tests of a file, and ends after them. `configOf` gets the address of the mock. */
  constructor(configOf: (url: string) => object) {
    beforeAll(async () => {
      const mock = await startMockUpstream((request) => this.serve(request));
      const preload = new URL("./crash-preload.ts", import.meta.url).pathname;
      const env = { BUN_OPTIONS: `--preload=${preload}` };
      this.running = {
        mock,
        gateway: await startGateway({ config: configOf(mock.url), args: ["--threads", "4"], env }),
      };
    });
    afterAll(async () => {
      await this.running?.gateway.stop();
      await this.running?.mock.stop();
    });
    beforeEach(() => this.most.clear());
  }

  get gateway(): Gateway {
    if (this.running === null) throw new Error("the scene has not started");
    return this.running.gateway;
  }

  get url(): string {
    if (this.running === null) throw new Error("the scene has not started");
    return this.running.mock.url;
  }

  /** Makes a provider hold its calls; the returned function lets the oldest go. */
  hold(name: string, usage = wire.usage): () => void {
    const waiting: (() => void)[] = [];
    this.held.set(name, waiting);
    this.scripts.set(name, async () => {
      await new Promise<void>((resolve) => void waiting.push(resolve));
      return jsonAnswer(wire.whole(name, usage));
    });
    return () => waiting.shift()?.();
  }

  heldAt(name: string): number {
    return this.held.get(name)?.length ?? 0;
  }

  letAllGo(name: string): void {
    for (const release of this.held.get(name)?.splice(0) ?? []) release();
  }

  /** Counts anew: what was under way is not any more. */
  forget(): void {
    this.now.clear();
    this.most.clear();
  }

  nowAt(name: string): number {
    return this.now.get(name) ?? 0;
  }

  async ask(model: string, { headers = {}, stream = false, signal, maxTokens }: AskOptions = {}) {
    const { path, body } = wire.ask(model, { stream, ...(maxTokens !== undefined && { maxTokens }) });
    const response = await fetch(this.gateway.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close", ...headers },
      body: JSON.stringify(body),
      ...(signal !== undefined && { signal }),
    });
    const text = await response.text();
    const error = response.status === 200 ? null : (JSON.parse(text).error as { code: string });
    return {
      status: response.status,
      code: error?.code ?? null,
      by: response.headers.get("x-trunkline-provider"),
      key: response.headers.get("x-trunkline-key"),
      retryAfter: response.headers.get("retry-after"),
      attempts: response.headers.get("x-trunkline-attempts"),
      id: response.headers.get("x-trunkline-request-id") ?? "",
    };
  }

  async metric(name: string, labels: string): Promise<number> {
    const text = await (await fetch(`${this.gateway.url}/metrics`)).text();
    const line = text.split("\n").find((each) => each.startsWith(`trunkline_${name}{${labels}}`));
    return line === undefined ? -1 : Number(line.split(" ").at(-1));
  }

  waitingAt(name: string): Promise<number> {
    return this.metric("provider_waiting", `provider="${name}"`);
  }

  async untilMetric(name: string, labels: string, wanted: number): Promise<void> {
    for (let round = 0; round < 1000; round += 1) {
      if ((await this.metric(name, labels)) === wanted) return;
      await Bun.sleep(5);
    }
    throw new Error(`${name}{${labels}} is ${await this.metric(name, labels)}, not ${wanted}`);
  }

  untilWaiting(name: string, wanted: number): Promise<void> {
    return this.untilMetric("provider_waiting", `provider="${name}"`, wanted);
  }

  untilHeld(name: string, wanted: number, what: string): Promise<void> {
    return until(() => this.heldAt(name) === wanted, what);
  }

  private count(name: string, change: number): void {
    const value = this.nowAt(name) + change;
    this.now.set(name, value);
    this.most.set(name, Math.max(this.most.get(name) ?? 0, value));
  }

  private async serve(request: MockRequest): Promise<Step[]> {
    const name = request.path.split("/")[1] ?? "";
    const key = `${name}#${request.headers["authorization"]?.split(" ")[1] ?? ""}`;
    for (const each of [name, key]) this.count(each, 1);
    const steps = (await this.scripts.get(name)?.(request)) ?? jsonAnswer(wire.whole(name, wire.usage));
    for (const each of [name, key]) this.count(each, -1);
    return steps;
  }
}
