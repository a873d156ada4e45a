import { startGateway, type Gateway, type GatewayOptions } from "../gateway/start.ts";
import { startClassifyMock, type ClassifyMock } from "./mock.ts";

export const KEYS = {
  coder: "sk-tl-coder-0123456789abcdef0123456789",
  plain: "sk-tl-plain-0123456789abcdef0123456789",
  risky: "sk-tl-risky-0123456789abcdef0123456789",
  writer: "sk-tl-writer-0123456789abcdef012345678",
  thinker: "sk-tl-thinker-0123456789abcdef01234567",
  other: "sk-tl-other-0123456789abcdef0123456789",
  gated: "sk-tl-gated-0123456789abcdef0123456789",
  ruled: "sk-tl-ruled-0123456789abcdef0123456789",
  chained: "sk-tl-chained-0123456789abcdef01234567",
} as const;
export type KeyName = keyof typeof KEYS;

export interface Answer {
  status: number;
  /** The model that served. */
  model: string;
  body: string;
}

export interface Scene {
  mock: ClassifyMock;
  gateway: Gateway;
  ask(
    key: KeyName,
    content: unknown,
    more?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  stop(): Promise<void>;
}

const to = (model: string) => [{ provider: "mock", model }];

function rulesOf(scope: string, rules: [when: string, model: string][]) {
  return rules.map(([when, model], priority) => ({
    name: `${scope} ${priority}`,
    scope,
    priority,
    when,
    targets: to(model),
  }));
}

/** Callers with rules of their own, so that each sees only what it is about. */
function configOf(url: string, more: Record<string, unknown>) {
  const complexity: [string, string][] = [
    ['complexity.tier == "reasoning"', "deep"],
    ['complexity.tier == "complex"', "strong"],
    ['complexity.tier == "simple"', "small"],
  ];
  return {
    providers: { mock: { dialect: "openai-chat", base_url: `${url}/v1`, keyless: true } },
    routing: {
      complexity: { enabled: true, memory: { mode: "max", ttl_seconds: 600 } },
      classifiers: {
        intent: {
          kind: "embedding",
          model: "mock/embedder",
          timeout_ms: 400,
          labels: {
            code: ["fix this python function", "why does it not compile"],
            billing: ["i want my money back, a refund", "the invoice is wrong"],
          },
        },
        risk: {
          kind: "http",
          url: `${url}/classify?v=1`,
          timeout_ms: 400,
          labels: { high: [], low: [] },
          default: "unknown",
          headers: { authorization: "env.CLASSIFIER_TOKEN" },
          memory: { mode: "sticky" },
        },
        form: {
          kind: "model",
          model: "mock/judge",
          labels: { poem: ["verse of any kind"], prose: ["anything else"] },
          timeout_ms: 2000,
        },
        tone: {
          kind: "rules",
          default: "calm",
          rules: [
            { label: "angry", keywords: ["outrageous", "unacceptable"] },
            { label: "loud", pattern: "^[A-Z !]{10,}$" },
            { label: "long", when: "text.size() > 500 && has_tools" },
          ],
        },
        eu_only: {
          kind: "http",
          url: `${url}/classify/eu`,
          labels: { high: [], low: [] },
          when: 'metadata.region == "us"',
        },
        tried: {
          kind: "http",
          url: `${url}/classify/tried`,
          labels: { high: [], low: [] },
          default: "low",
          shadow: true,
          when: 'headers["x-try"] == "yes"',
        },
      },
      rules: [
        ...rulesOf("virtual_key:coder", [
          ['headers["x-tier"] == "premium"', "premium"],
          ['classes["intent"].label == "code"', "coder"],
          ['stream && classes.intent.label == "billing"', "never"],
          ['classes.intent.label == "billing"', "biller"],
        ]),
        ...rulesOf("virtual_key:risky", [
          ['classes["risk"].label == "high" && classes["risk"].score > 0.8', "safe"],
          ['classes["risk"].label == "unknown"', "careful"],
        ]),
        ...rulesOf("virtual_key:writer", [['classes["form"].label == "poem"', "poet"]]),
        ...rulesOf("virtual_key:gated", [
          ['classes["eu_only"].label == "high"', "safe"],
          ['classes["tried"].label == "high"', "never"],
        ]),
        ...rulesOf("virtual_key:ruled", [
          ['classes["tone"].label == "angry"', "patient"],
          ['classes["tone"].label == "loud"', "quiet"],
        ]),
        ...rulesOf("virtual_key:thinker", complexity),
        ...rulesOf("virtual_key:other", complexity),
        {
          name: "to the risk",
          scope: "virtual_key:chained",
          when: 'model == "usual" && classes["intent"].label == "code"',
          targets: to("coder"),
          chain_rule: true,
        },
        {
          name: "by the risk",
          scope: "virtual_key:chained",
          priority: 1,
          when: 'model == "coder" && classes["risk"].label == "high"',
          targets: to("safe"),
        },
      ],
    },
    governance: {
      virtual_keys: Object.entries(KEYS).map(([name, value]) => ({
        name,
        value,
        provider_configs: [
          { provider: "mock", allowed_models: name === "coder" ? ["usual", "coder", "biller", "premium"] : ["*"] },
        ],
        ...(name === "coder" && { budgets: [{ limit_usd: 5, period: "1d" }] }),
      })),
    },
    ...more,
  };
}

/** A gateway with classifiers of all kinds, and the mock that they ask. */
export async function startScene(options: GatewayOptions = {}, more: Record<string, unknown> = {}): Promise<Scene> {
  const mock = await startClassifyMock();
  const gateway = await startGateway({
    config: configOf(mock.upstream.url, more),
    env: { CLASSIFIER_TOKEN: "token-of-the-classifier" },
    ...options,
  });
  return {
    mock,
    gateway,
    ask: (key, content, fields, headers) => ask(gateway.url, key, content, fields, headers),
    stop: async () => {
      await gateway.stop();
      await mock.upstream.stop();
    },
  };
}

async function ask(
  url: string,
  key: KeyName,
  content: unknown,
  fields: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${KEYS[key]}`, ...headers },
    body: JSON.stringify({ model: "mock/usual", messages: [{ role: "user", content }], ...fields }),
  });
  const body = await response.text();
  return { status: response.status, model: response.headers.get("x-trunkline-model") ?? "", body };
}
