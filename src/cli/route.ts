import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Decision } from "../canonical/decision.ts";
import { isJsonObject, type Json, type JsonObject } from "../canonical/json.ts";
import type { OfflineSources } from "../control/decisions.ts";
import { loadConfig, type LoadOptions } from "../domain/config/index.ts";
import { UsageError, type Command, type CommandContext } from "./command.ts";
import { decisionLines } from "./print-route.ts";

const DEFAULT_URL = "http://127.0.0.1:8080";
const PATIENCE_MS = 30_000;

/** What the program puts together for trying out decisions. */
export interface RouteParts extends Pick<LoadOptions, "manifests" | "checkCondition"> {
  simulate(question: Uint8Array, sources: OfflineSources): Promise<Decision>;
  hostedPrices: OfflineSources["hostedPrices"];
}

const OPTIONS = {
  config: { type: "string" },
  url: { type: "string" },
  token: { type: "string" },
  key: { type: "string" },
  header: { type: "string", multiple: true },
  body: { type: "string" },
  time: { type: "string" },
  operation: { type: "string" },
  dialect: { type: "string" },
  path: { type: "string" },
  draws: { type: "string" },
  seed: { type: "string" },
  json: { type: "boolean" },
} as const;

/** Says where a request would go and why, by a config file or by a running gateway. Nobody is called. */
export function createRouteCommand(parts: RouteParts): Command {
  return {
    name: "route",
    summary: "Explain where a request would go, without calling anybody.",
    usage: `Usage: trunkline route explain MODEL [OPTIONS]

  --config FILE     decide by this config file, as a gateway that has just started
  --url URL         ask a running gateway; default ${DEFAULT_URL}    TRUNKLINE_URL
  --token TOKEN     its admin token                              TRUNKLINE_ADMIN_TOKEN
  --key NAME        name of the virtual key that calls
  --header N=V      a header of the request; may be repeated
  --body FILE|-     the request's body as JSON, - reads standard input; MODEL is put in
  --time TIME       when it arrives, ISO 8601; default: now
  --operation NAME  default chat
  --dialect NAME    default: OpenAI's for the operation
  --path PATH       where it is posted, in place of operation and dialect
  --draws N         count who comes first in so many draws
  --seed N          draw the same each time
  --json            the whole decision as JSON

Exit code 0: it would be routed; 1: refused.`,
    run: (context) => explain(parts, context),
  };
}

type Values = ReturnType<typeof parse>["values"];

async function explain(parts: RouteParts, context: CommandContext): Promise<number> {
  const { values, positionals } = parse(context.args);
  const [verb, model, surplus] = positionals;
  if (verb !== "explain" || model === undefined || surplus !== undefined)
    throw new UsageError("expected: route explain MODEL");
  const question = JSON.stringify(questionOf(model, values));
  const decision =
    values.config === undefined
      ? await ask(question, values, context)
      : await offline(parts, question, values, context);
  if (values.json === true) context.print(JSON.stringify(decision));
  else for (const line of decisionLines(decision)) context.print(line);
  return decision.error === null ? 0 : 1;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function questionOf(model: string, values: Values): JsonObject {
  const { key, time, operation, dialect, path } = values;
  return {
    request: bodyOf(model, values),
    headers: Object.fromEntries((values.header ?? []).map(headerOf)),
    ...(key !== undefined && { virtual_key: key }),
    ...(time !== undefined && { time }),
    ...(operation !== undefined && { operation }),
    ...(dialect !== undefined && { dialect }),
    ...(path !== undefined && { path }),
    ...(values.draws !== undefined && { draws: Number(values.draws) }),
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
  };
}

/** A short chat where no body is given: enough for every dialect of chat that has messages. */
function bodyOf(model: string, { body, operation }: Values): JsonObject {
  if (body !== undefined) return { ...readBody(body), model };
  return operation === undefined || operation === "chat"
    ? { model, messages: [{ role: "user", content: "Hello" }] }
    : { model, input: "Hello" };
}

function readBody(file: string): JsonObject {
  const text = readFileSync(file === "-" ? 0 : file, "utf8");
  const json = parsed(text);
  if (!isJsonObject(json)) throw new UsageError(`--body ${file}: no JSON object`);
  return json;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function headerOf(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals <= 0) throw new UsageError(`--header ${JSON.stringify(text)}: expected NAME=VALUE`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function offline(parts: RouteParts, question: string, { config: file }: Values, { env, printError }: CommandContext) {
  const { manifests, checkCondition, hostedPrices } = parts;
  const { config, warnings } = loadConfig({ manifests, ...(checkCondition && { checkCondition }), file, env });
  for (const { path, message } of warnings) printError(`warning: ${path}: ${message}`);
  return parts.simulate(Buffer.from(question), { config, manifests, env, hostedPrices });
}

async function ask(question: string, values: Values, { env }: CommandContext): Promise<Decision> {
  const url = (values.url ?? env["TRUNKLINE_URL"] ?? DEFAULT_URL).replace(/\/+$/, "");
  const token = values.token ?? env["TRUNKLINE_ADMIN_TOKEN"];
  if (token === undefined) throw new UsageError("a running gateway wants its admin token: --token; or name a --config");
  const response = await post(`${url}/api/routing/simulate`, token, question);
  const answer = (await response.json().catch(() => null)) as (Decision & { error?: { message: string } }) | null;
  if (response.status === 200 && answer !== null) return answer;
  throw new Error(answer?.error?.message ?? `what answers at ${url} is no gateway: status ${response.status}`);
}

async function post(url: string, token: string, body: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  try {
    return await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    throw new Error(`no gateway at ${url}: start one (trunkline start), or decide by a --config`, { cause: error });
  }
}
