import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { answerText } from "../../mock-upstream/event-stream-view.ts";
import type { SpokenDialect as ChatDialect } from "../spoken.ts";
import type { Loose } from "../reading/loose.ts";

/** A real call and its answer. */
export interface Exchange {
  id: string;
  dialect: ChatDialect;
  isStream: boolean;
  status: number;
  /** Content type of the answer. */
  type: string;
  /** Name of the gateway's provider that plays its host. */
  provider: string;
  /** Model id at the provider. */
  model: string;
  request: Loose;
  /** The request's body, to the byte. */
  requestText: string;
  answer: Buffer;
  /** The answer as a text; messages of event streams in their form as text. */
  answerText: string;
}

export const FILE = resolve(import.meta.dir, "../../../../shared/recorded/exchanges.ndjson.gz");

const DIALECTS: Readonly<Record<string, ChatDialect>> = {
  chat: "openai-chat",
  responses: "openai-responses",
  messages: "anthropic-messages",
  converse: "bedrock-converse",
  "converse.stream": "bedrock-converse",
  "cohere.chat": "cohere",
  gen: "gemini",
  "gen.stream": "gemini",
};

/** Built-in providers by host; other hosts are custom providers of their dialect. */
const BUILT_IN: Readonly<Record<string, string>> = {
  "api.openai.com": "openai",
  "api.anthropic.com": "anthropic",
  "bedrock-runtime.us-east-1.amazonaws.com": "bedrock",
  "api.cohere.com": "cohere",
  "generativelanguage.googleapis.com": "gemini",
  "ai-gateway.vercel.sh": "vercel",
  "api.avian.io": "avian",
  "api.deepseek.com": "deepseek",
  "api.groq.com": "groq",
  "api.mistral.ai": "mistral",
  "api.moonshot.example": "moonshot",
  "api.perplexity.ai": "perplexity",
  "api.x.ai": "xai",
  "api.z.ai": "zai",
  "dashscope.example": "dashscope",
  "localhost:8080": "llamacpp",
  "openrouter.ai": "openrouter",
  "router.huggingface.co": "huggingface",
};

/** Names of the built-in providers that have recorded traffic. */
export const RECORDED_PROVIDERS: readonly string[] = [...new Set(Object.values(BUILT_IN))];

/** All recorded exchanges of dialects that are here; none when the file is not there. */
export function loadExchanges(): Exchange[] {
  if (!existsSync(FILE)) return [];
  const lines = gunzipSync(readFileSync(FILE)).toString().split("\n");
  return lines.filter((line) => line !== "").flatMap((line) => readExchange(JSON.parse(line)));
}

function readExchange(raw: Loose): Exchange[] {
  const dialect = DIALECTS[raw.op];
  if (dialect === undefined) return [];
  const requestText = Buffer.from(raw.reqBody, "base64").toString();
  const request = JSON.parse(requestText);
  const pathModel = /models\/([^/:]+):/.exec(raw.url)?.[1] ?? /\/model\/([^/]+)\/converse/.exec(raw.url)?.[1];
  const answer = Buffer.from(raw.resBody, "base64");
  const type: string = raw.resHeaders["content-type"];
  return [
    {
      id: raw.id,
      dialect,
      isStream: raw.stream,
      status: raw.status,
      type,
      provider: BUILT_IN[new URL(raw.url).host] ?? `host-of-${dialect}`,
      model: pathModel ?? request.model ?? "some-model",
      request,
      requestText,
      answer,
      answerText: answerText(type, answer),
    },
  ];
}
