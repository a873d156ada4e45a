import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { SpokenDialect as ChatDialect } from "../spoken.ts";
import type { Loose } from "../reading/loose.ts";
import { FILE, type Exchange } from "./exchanges.ts";

/** A real call to a cloud's address. */
export interface CloudExchange extends Exchange {
  /** Path and query. */
  path: string;
}

const DIALECTS: Readonly<Record<string, ChatDialect>> = {
  "azure chat": "openai-chat",
  "azure responses": "openai-responses",
  "vertex gen": "gemini",
  "vertex gen.stream": "gemini",
  "vertex raw": "anthropic-messages",
  "vertex raw.stream": "anthropic-messages",
};

/** The recorded exchanges with Azure and Vertex AI; none when the file is not there. */
export function loadCloudExchanges(): CloudExchange[] {
  if (!existsSync(FILE)) return [];
  const lines = gunzipSync(readFileSync(FILE)).toString().split("\n");
  return lines.filter((line) => line !== "").flatMap((line) => readExchange(JSON.parse(line)));
}

function readExchange(raw: Loose): CloudExchange[] {
  const dialect = DIALECTS[`${raw.provider} ${raw.op}`];
  if (dialect === undefined) return [];
  const { pathname, search } = new URL(raw.url);
  const answer = Buffer.from(raw.resBody, "base64");
  const requestText = Buffer.from(raw.reqBody, "base64").toString();
  const request = JSON.parse(requestText);
  return [
    {
      id: raw.id,
      dialect,
      isStream: raw.stream || raw.op.endsWith(".stream"),
      status: raw.status,
      type: raw.resHeaders["content-type"],
      provider: raw.provider,
      model: /models\/([^/:]+):/.exec(raw.url)?.[1] ?? request.model,
      request,
      requestText,
      answer,
      answerText: answer.toString(),
      path: pathname + search,
    },
  ];
}
