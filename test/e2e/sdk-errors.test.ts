import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import Anthropic, { APIError as AnthropicError } from "@anthropic-ai/sdk";
import { ApiError, GoogleGenAI } from "@google/genai";
import OpenAI, { APIError as OpenAIError } from "openai";
import { FAULTS, faultSteps, type FaultStatus } from "./provider/faults.ts";
import { DIALECTS, KEY, modelAt, providersAt, startScene, type Scene } from "./sdk/scene.ts";

let scene: Scene;

const KEYS = {
  app: KEY,
  poor: "sk-tl-poor-0123456789",
  narrow: "sk-tl-narrow-0123456789",
  limited: "sk-tl-limited-0123456789",
};

beforeAll(async () => {
  scene = await startScene((url) => {
    const all = Object.keys(providersAt(url)).map((provider) => ({ provider }));
    const hour = { metric: "requests", limit: 1, window: "1h" };
    return {
      governance: {
        virtual_keys: [
          { name: "app", value: KEYS.app, provider_configs: all },
          { name: "poor", value: KEYS.poor, provider_configs: all, budgets: [{ limit_usd: 0.000001, period: "1d" }] },
          {
            name: "narrow",
            value: KEYS.narrow,
            provider_configs: [{ provider: "on-gemini", allowed_models: ["other"] }],
          },
          { name: "limited", value: KEYS.limited, provider_configs: all, rate_limits: [hour] },
        ],
      },
    };
  });
});

afterAll(() => scene.close());

/** What a program sees of a failure, whatever the SDK. */
interface Failure {
  name: string;
  status: number | undefined;
  /** The stable code, where the dialect's error has room for it. */
  code: unknown;
  message: string;
  /** The id of the request as the SDK tells it; absent: it tells none. */
  requestId?: string | null | undefined;
  /** JSON text of the error object. */
  body: string;
}

interface Sdk {
  name: string;
  /** Names of the error classes by status. */
  classes: Record<number, string>;
  call(key: string, model: string, isStream: boolean): Promise<unknown>;
  read(error: unknown): Failure;
}

const openaiClasses = {
  400: "BadRequestError",
  401: "AuthenticationError",
  402: "APIError",
  403: "PermissionDeniedError",
  404: "NotFoundError",
  429: "RateLimitError",
  502: "InternalServerError",
};

function openai(key: string): OpenAI {
  return new OpenAI({ baseURL: `${scene.gateway.url}/v1`, apiKey: key, maxRetries: 0 });
}

function readOpenai(error: unknown): Failure {
  if (!(error instanceof OpenAIError)) throw error;
  const { status, code, message, requestID: requestId } = error;
  return { name: error.constructor.name, status, code, message, requestId, body: JSON.stringify(error.error) };
}

const SDKS: Sdk[] = [
  {
    name: "openai chat",
    classes: openaiClasses,
    call: (key, model, stream) =>
      openai(key).chat.completions.create({ model, messages: [{ role: "user", content: "Hello" }], stream }),
    read: readOpenai,
  },
  {
    name: "openai responses",
    classes: openaiClasses,
    call: (key, model, stream) => openai(key).responses.create({ model, input: "Hello", stream }),
    read: readOpenai,
  },
  {
    name: "anthropic",
    classes: { ...openaiClasses, 402: "PaymentRequiredError" },
    call: (key, model, stream) => {
      const client = new Anthropic({ baseURL: `${scene.gateway.url}/anthropic`, apiKey: key, maxRetries: 0 });
      return client.messages.create({ model, max_tokens: 100, messages: [{ role: "user", content: "Hello" }], stream });
    },
    read: (error) => {
      if (!(error instanceof AnthropicError)) throw error;
      const body = error.error as { error?: { code?: unknown } } | undefined;
      const { status, message, requestID: requestId } = error;
      const { name } = error.constructor;
      return { name, status, code: body?.error?.code, message, requestId, body: JSON.stringify(body) };
    },
  },
  {
    name: "genai",
    classes: {
      400: "ApiError",
      401: "ApiError",
      402: "ApiError",
      403: "ApiError",
      404: "ApiError",
      429: "ApiError",
      502: "ApiError",
    },
    call: (key, model, isStream) => {
      const ai = new GoogleGenAI({ apiKey: key, vertexai: false, httpOptions: { baseUrl: scene.gateway.url } });
      const parameters = { model, contents: "Hello" };
      return isStream ? ai.models.generateContentStream(parameters) : ai.models.generateContent(parameters);
    },
    read: (error) => {
      if (!(error instanceof ApiError)) throw error;
      const { status, message } = error;
      return { name: error.constructor.name, status, code: undefined, message, body: message };
    },
  },
];

async function failure(sdk: Sdk, key: string, model: string, isStream: boolean): Promise<Failure> {
  const result = await sdk.call(key, model, isStream).then(
    () => new Error(`${sdk.name} did not fail`),
    (error: unknown) => error,
  );
  return sdk.read(result);
}

for (const sdk of SDKS) {
  for (const isStream of [false, true]) {
    describe(`${sdk.name}${isStream ? ", streamed" : ""}`, () => {
      const expectFailure = async (key: string, model: string, status: number, code: string): Promise<Failure> => {
        const seen = await failure(sdk, key, model, isStream);
        expect(seen).toMatchObject({ name: sdk.classes[status], status });
        expect(seen.body.toLowerCase()).toContain(code);
        if (sdk.name !== "genai") expect(seen.code).toBe(code);
        const id = scene.headers().get("x-trunkline-request-id");
        expect(id).toStartWith("req_");
        if (sdk.name !== "genai") expect(seen.requestId).toBe(id);
        return seen;
      };

      test("401: unknown virtual key", async () => {
        const { message } = await expectFailure("sk-tl-nobody", modelAt("openai-chat"), 401, "unauthenticated");
        expect(message).toContain("unknown virtual key");
        expect(message).not.toContain("sk-tl-nobody");
      });

      test("402: budget", async () => {
        scene.providers.answerWith("text");
        const { body, message } = await expectFailure(KEYS.poor, modelAt("anthropic-messages"), 402, "budget_exceeded");
        expect(message).toContain("virtual_key:poor");
        expect(body).toContain('"metric":"usd"');
        expect(scene.providers.calls).toHaveLength(0);
      });

      test("403: model not allowed", async () => {
        const { message } = await expectFailure(KEYS.narrow, modelAt("gemini"), 403, "model_not_allowed");
        expect(message).toContain("gemini-3-pro-preview");
      });

      test("404: unknown model", async () => {
        const { message } = await expectFailure(KEYS.app, "no-such-model", 404, "model_not_found");
        expect(message).toContain("no-such-model");
      });

      test("429: rate limit, with when to come back", async () => {
        scene.providers.answerWith("text");
        const isFirst = sdk === SDKS[0] && !isStream;
        if (isFirst) await sdk.call(KEYS.limited, modelAt("openai-chat"), isStream);
        const { body } = await expectFailure(KEYS.limited, modelAt("openai-chat"), 429, "rate_limited");
        expect(body).toContain('"metric":"requests"');
        expect(Number(scene.headers().get("retry-after"))).toBeGreaterThan(0);
      });

      for (const dialect of DIALECTS) {
        for (const status of [400, 429, 500] as FaultStatus[]) {
          test(`${status} of a provider of ${dialect}`, async () => {
            scene.providers.failWith(faultSteps(dialect, status));
            const seen = await failure(sdk, KEYS.app, modelAt(dialect), isStream);
            const wanted = status === 500 ? 502 : status;
            expect(seen).toMatchObject({ name: sdk.classes[wanted], status: wanted });
            expect(seen.message).toContain(FAULTS[dialect][status].message);
            if (status === 429) expect(scene.headers().get("retry-after")).toBe("7");
          });
        }
      }
    });
  }
}

test("each failure has one record that tells the same status", async () => {
  const records = await scene.gateway.records(scene.seen.length);
  expect(records).toHaveLength(scene.seen.length);
  for (const { id, status } of scene.seen) {
    const record = records.find((each) => each.id === id);
    expect(record?.status).toBe(status);
    expect(record?.outcome === "success").toBe(status === 200);
  }
});

test("an answer tells the request's id where SDKs look for it", async () => {
  const model = modelAt("gemini");
  scene.providers.answerWith("final", "final", "final");
  const answers = [
    await SDKS[0]?.call(KEYS.app, model, false),
    await SDKS[1]?.call(KEYS.app, model, false),
    await SDKS[2]?.call(KEYS.app, model, false),
  ] as { _request_id?: string }[];
  const ids = answers.map(({ _request_id: id }) => id);
  for (const id of ids) expect(id).toMatch(/^req_[0-9a-f]{32}$/);
  expect(ids.at(-1)).toBe(scene.headers().get("x-trunkline-request-id") ?? "");
});
