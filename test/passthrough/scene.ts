import { isListCall } from "../mock-upstream/list-call.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";

/** What an upstream got. */
export interface Seen {
  method: string;
  /** Path and query, as they stood on the wire. */
  target: string;
  headers: Record<string, string>;
  body: string;
}

export interface Upstream {
  url: string;
  seen: Seen[];
  stop(): void;
}

/**
 * An upstream that notes what it gets and answers by `answer`; calls for its list of models are neither noted nor answered,
 * unless it `listens` for them.
 */
export function startUpstream(
  answer: (request: Request, body: string) => Response | Promise<Response>,
  listens = false,
): Upstream {
  const seen: Seen[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    async fetch(request) {
      const body = request.headers.get("x-unread") === null ? await request.text() : "";
      const target = request.url.slice(request.url.indexOf("/", 8));
      if (!listens && isListCall(request.method, target)) return new Response("no list of models", { status: 404 });
      seen.push({ method: request.method, target, headers: request.headers.toJSON(), body });
      return answer(request, body);
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, seen, stop: () => void server.stop(true) };
}

export const KEYS = { all: "sk-tl-all", some: "sk-tl-some", none: "sk-tl-none", poor: "sk-tl-poor" };

/** A gateway before one OpenAI-like upstream, with a key for every kind of caller. */
export function startScene(url: string, governance: Record<string, unknown> = {}): Promise<Gateway> {
  return startGateway({
    config: {
      version: 1,
      providers: {
        openai: {
          base_url: `${url}/v1`,
          keys: [{ name: "main", value: "sk-upstream-secret-1" }],
          // Declared, so that only callers ask for the list.
          models: ["gpt-4o-mini"],
          headers: { "openai-organization": "org-ours" },
          network: { idle_timeout_ms: 2000 },
        },
      },
      governance: {
        virtual_keys: [
          { name: "all", value: KEYS.all, provider_configs: [{ provider: "openai", allowed_models: ["*"] }] },
          {
            name: "some",
            value: KEYS.some,
            provider_configs: [{ provider: "openai", allowed_models: ["gpt-4o-mini"] }],
          },
          { name: "none", value: KEYS.none, provider_configs: [] },
          {
            name: "poor",
            value: KEYS.poor,
            provider_configs: [{ provider: "openai", allowed_models: ["*"] }],
            budgets: [{ limit_usd: 1, period: "1d" }],
          },
        ],
        ...governance,
      },
    },
  });
}

/** A whole chat answer with usage. */
export function chatAnswer(model = "gpt-4o-mini"): Response {
  return Response.json({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model,
    choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 },
  });
}
