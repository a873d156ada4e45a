import OpenAI from "openai";
import Anthropic from "@anthropic-ai/sdk";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { startUpstream, type Upstream } from "../passthrough/scene.ts";

export const KEYS = {
  bound: "sk-tl-bound-0123456789",
  one: "sk-tl-tenant-one",
  mate: "sk-tl-tenant-one-mate",
  two: "sk-tl-tenant-two",
  poor: "sk-tl-poor",
};

export interface Scene {
  gateway: Gateway;
  /** Keeps nothing; speaks OpenAI's chat. */
  plain: Upstream;
  /** Keeps responses, files and batches as OpenAI does, and message batches as Anthropic does. */
  keeper: Upstream;
  openai(key?: string): OpenAI;
  anthropic(key?: string): Anthropic;
  /** Starts the gateway again in the same folder. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

type Answer = (request: Request, body: string) => Response | Promise<Response> | null;

/** Both kinds of providers, and callers of two teams. `chat` may answer in place of the plain one. */
export async function startScene(options: { chat?: Answer; config?: Record<string, unknown> } = {}): Promise<Scene> {
  const plain = startUpstream((request, body) => options.chat?.(request, body) ?? chatAnswer(body));
  const keeper = startKeeper();
  const config = configOf(plain, keeper, options.config ?? {});
  const scene: Scene = {
    gateway: await startGateway({ config }),
    plain,
    keeper,
    openai: (key = KEYS.one) => new OpenAI({ apiKey: key, baseURL: `${scene.gateway.url}/v1`, maxRetries: 0 }),
    anthropic: (key = KEYS.one) => new Anthropic({ apiKey: key, baseURL: scene.gateway.url, maxRetries: 0 }),
    restart: async () => {
      scene.gateway = await startGateway({ config, dir: scene.gateway.dir });
    },
    stop: async () => {
      await scene.gateway.stop();
      plain.stop();
      keeper.stop();
    },
  };
  return scene;
}

function configOf(plain: Upstream, keeper: Upstream, more: Record<string, unknown>): unknown {
  const grants = ["plain", "openai", "anthropic", "groq", "azure"].map((provider) => ({
    provider,
    allowed_models: ["*"],
  }));
  const network = { max_retries: 0 };
  return {
    version: 1,
    providers: {
      plain: {
        dialect: "openai-chat",
        base_url: `${plain.url}/v1`,
        keyless: true,
        models: ["small"],
        network,
        pricing: { "*": { input: 1, output: 2 } },
      },
      openai: {
        base_url: `${keeper.url}/v1`,
        keys: [
          { name: "a", value: "sk-a-12345678" },
          { name: "b", value: "sk-b-12345678" },
        ],
        network,
      },
      groq: { base_url: `${keeper.url}/v1`, keys: [{ name: "main", value: "gsk-12345678" }], network },
      azure: {
        base_url: `${keeper.url}/v1`,
        settings: { resource: "here" },
        keys: [{ name: "main", value: "azure-12345678" }],
        network,
      },
      anthropic: { base_url: `${keeper.url}/v1`, keys: [{ name: "main", value: "sk-ant-12345678" }], network },
    },
    governance: {
      teams: [{ name: "red" }, { name: "blue" }],
      virtual_keys: [
        { name: "one", value: KEYS.one, team: "red", provider_configs: grants },
        { name: "mate", value: KEYS.mate, team: "red", provider_configs: grants },
        { name: "two", value: KEYS.two, team: "blue", provider_configs: grants },
        {
          name: "bound",
          value: KEYS.bound,
          provider_configs: ["openai", "anthropic"].map((provider) => ({ provider, allowed_models: ["small"] })),
        },
        { name: "poor", value: KEYS.poor, provider_configs: grants, budgets: [{ limit_usd: 0.00001, period: "1d" }] },
      ],
    },
    ...more,
  };
}

/** An answer that tells how many messages there were, and says the last one again. */
export function chatAnswer(body: string): Response {
  const { messages, stream, model } = JSON.parse(body) as {
    messages: { content: unknown }[];
    stream?: boolean;
    model: string;
  };
  const text = `${messages.length} messages, last: ${JSON.stringify(messages.at(-1)?.content)}`;
  const id = `chatcmpl-${crypto.randomUUID()}`;
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  if (stream !== true) {
    const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }];
    return Response.json({ id, object: "chat.completion", created: 1, model, choices, usage });
  }
  const chunk = (choices: unknown[], more = {}) =>
    `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created: 1, model, choices, ...more })}\n\n`;
  const stop = { index: 0, delta: {}, finish_reason: "stop" };
  const events = [
    chunk([{ index: 0, delta: { role: "assistant", content: text }, finish_reason: null }]),
    chunk([stop]),
    chunk([], { usage }),
    "data: [DONE]\n\n",
  ];
  return new Response(events.join(""), { headers: { "content-type": "text/event-stream" } });
}

/** A provider that keeps things, each with the key that made it. */
function startKeeper(): Upstream {
  const things = new Map<string, { key: string; body: Record<string, unknown>; content?: string }>();
  let next = 0;
  const id = (prefix: string): string => `${prefix}${(next += 1)}keeper`;
  return startUpstream(async (request, body) => {
    const key =
      request.headers.get("authorization")?.slice(7) ??
      request.headers.get("x-api-key") ??
      request.headers.get("api-key") ??
      "";
    const path = new URL(request.url).pathname.replace("/v1", "");
    const [, root = "", name = "", action = ""] = path.replace("/messages/batches", "/mbatches").split("/");
    const make = (made: Record<string, unknown>, content?: string): Response => {
      things.set(String(made["id"]), { key, body: made, ...(content !== undefined && { content }) });
      return Response.json(made);
    };
    if (root === "responses" && name === "compact") {
      const { output, usage } = responseOf("resp_c", JSON.parse(body) as Record<string, unknown>);
      return Response.json({ id: "resp_c", object: "response.compaction", created_at: 1, output, usage });
    }
    if (request.method === "POST" && name === "") {
      if (root === "responses") return make(responseOf(id("resp_"), JSON.parse(body) as Record<string, unknown>));
      if (root === "conversations")
        return make({ id: id("conv_"), object: "conversation", created_at: 1, metadata: JSON.parse(body) as object });
      if (root === "files") {
        const content = /\r\n\r\n(\{[\s\S]*?\n)\r?\n--/.exec(body)?.[1] ?? body;
        return make(
          {
            id: id("file-"),
            object: "file",
            bytes: content.length,
            created_at: 1,
            filename: "f",
            purpose: "batch",
            status: "processed",
          },
          content,
        );
      }
      if (root === "batches")
        return make({
          id: id("batch_"),
          object: "batch",
          status: "completed",
          output_file_id: outputFile(things, id, key),
          ...(JSON.parse(body) as object),
        });
      if (root === "mbatches")
        return make({
          id: id("msgbatch_"),
          type: "message_batch",
          processing_status: "ended",
          results_url: "https://vendor.example/results",
          request_counts: {},
          created_at: "2026-01-01T00:00:00Z",
          expires_at: "2026-01-02T00:00:00Z",
          ended_at: "2026-01-01T00:00:00Z",
          archived_at: null,
          cancel_initiated_at: null,
        });
    }
    const thing = things.get(name);
    if (thing === undefined || thing.key !== key)
      return Response.json(
        { error: { message: `no ${name} with this key`, type: "invalid_request_error" } },
        { status: 404 },
      );
    if (root === "conversations" && action === "items")
      return Response.json({ object: "list", data: [{ id: path.split("/")[4] ?? "msg_1" }], has_more: false });
    if (request.method === "DELETE") {
      things.delete(name);
      return Response.json({ id: name, object: `${root}.deleted`, deleted: true, type: "message_batch_deleted" });
    }
    if (action === "content") return new Response(thing.content);
    if (action === "results")
      return new Response(`${JSON.stringify({ custom_id: "x", result: { type: "canceled" } })}\n`);
    if (action === "input_items")
      return Response.json({ object: "list", data: [{ id: "msg_1", type: "message" }], has_more: false });
    if (action === "cancel") thing.body["status"] = "cancelled";
    return Response.json(thing.body);
  });
}

function outputFile(
  things: Map<string, { key: string; body: Record<string, unknown>; content?: string }>,
  id: (prefix: string) => string,
  key: string,
): string {
  const name = id("file-");
  things.set(name, { key, body: { id: name, object: "file" }, content: '{"custom_id":"native"}\n' });
  return name;
}

function responseOf(id: string, body: Record<string, unknown>): Record<string, unknown> {
  return {
    id,
    object: "response",
    created_at: 1,
    status: body["background"] === true ? "queued" : "completed",
    model: body["model"],
    output: [
      {
        type: "message",
        id: "msg_1",
        role: "assistant",
        status: "completed",
        content: [
          {
            type: "output_text",
            text: `after ${JSON.stringify(body["previous_response_id"] ?? null)}`,
            annotations: [],
          },
        ],
      },
    ],
    usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
  };
}

/** Asks until the condition holds; the test's own time limit ends it. */
export async function until<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    await Bun.sleep(50);
  }
}

/** What a call of an SDK fails with: their promises are none that `rejects` knows. */
export function failure(call: PromiseLike<unknown>): Promise<unknown> {
  return new Promise((resolve) => {
    call.then(
      () => resolve(null),
      (error: unknown) => resolve(error),
    );
  });
}
