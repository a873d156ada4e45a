import { expect, test } from "bun:test";
import { GatewayError } from "../../../src/canonical/errors.ts";
import type { Json, JsonObject } from "../../../src/canonical/json.ts";
import type { DialectName, TaskOperation } from "../../../src/canonical/names.ts";
import type {
  AnyTaskCodec,
  AnyTaskProvider,
  EncodedAnswer,
  EncodedBody,
  FormPart,
  TaskAnswer,
  TaskWireAnswer,
} from "../../../src/canonical/task.ts";
import { taskDialects } from "../../../src/compose/dialects.ts";
import { randomFrom } from "../../e2e/recorded/player.ts";
import { expectSnapshot } from "../snapshot.ts";

/** A client's request: JSON, or the fields and files of a form. */
export type AskedBody = { json: JsonObject } | { fields: JsonObject; files: Record<string, FormFile> };

export interface FormFile {
  filename: string;
  contentType: string;
  text: string;
}

/** One request as clients of a dialect write it. */
export interface RequestCase {
  name: string;
  body: AskedBody;
  pathJob?: string;
}

/** A provider's answer: JSON, or bytes of a type. */
export type Said = { json: Json } | { contentType: string; text: string };

export interface Matrix {
  operation: TaskOperation;
  /** The dialect of the clients. */
  client: DialectName;
  /** The model that each provider's dialect is asked for. */
  models: Partial<Record<DialectName, string>>;
  requests: readonly RequestCase[];
  /** A provider's answers by case, and the case of the request that they answer. */
  answers: readonly { name: string; to: string; said: Partial<Record<DialectName, Said>> }[];
}

/** Where the AI SDK names the model. */
const MODEL_HEADER = new Headers({ "ai-model-id": "m" });

/** Encodes every request for every provider that has the operation and every answer for the client, and mutates both. */
export function checkMatrix(matrix: Matrix): void {
  const { operation, requests, answers } = matrix;
  const folder = `tasks/${operation.replaceAll("_", "-")}`;
  for (const asked of requests) {
    test(`${operation}: ${asked.name}`, () => {
      expectSnapshot(
        `${folder}/requests/${asked.name}`,
        refusedOr(() => encodedEverywhere(matrix, asked)),
      );
    });
  }
  for (const { name, to, said } of answers) {
    test(`${operation}: answer ${name}`, () => {
      const encoded = Object.entries(said).map(([dialect, each]) => [dialect, readBack(matrix, to, dialect, each)]);
      expectSnapshot(`${folder}/answers/${name}`, Object.fromEntries(encoded));
    });
  }
  test(`${operation}: what is not as it should be is refused with a reason or carried on`, () =>
    checkMutations(matrix));
}

function clientOf({ operation, client }: Matrix): AnyTaskCodec {
  return taskDialects.get(client)?.tasks[operation] as unknown as AnyTaskCodec;
}

function providersOf({ operation, models }: Matrix): [DialectName, string, AnyTaskProvider][] {
  return Object.entries(models).map(([name, model]) => {
    const dialect = taskDialects.get(name as DialectName);
    return [name as DialectName, model, dialect?.tasks[operation] as unknown as AnyTaskProvider];
  });
}

function decodeRequest(matrix: Matrix, { body, pathJob }: RequestCase): ReturnType<AnyTaskCodec["decodeRequest"]> {
  const path = { headers: MODEL_HEADER, ...(pathJob !== undefined && { pathJob }) };
  const named = clientOf(matrix).modelInBody ? { model: "m" } : {};
  if ("json" in body) return clientOf(matrix).decodeRequest({ body: { ...named, ...body.json }, form: null, ...path });
  const form: FormPart[] = Object.entries(body.files).map(([name, { text, ...file }]) => ({
    name,
    ...file,
    data: Buffer.from(text),
  }));
  return clientOf(matrix).decodeRequest({ body: { model: "m", ...body.fields }, form, ...path });
}

/** What a step gives, or the error of the catalogue that it refuses with; any other is a fault. */
function refusedOr(step: () => unknown): unknown {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { code, message, fields } = error;
    return { error: code, message, ...(fields.param !== undefined && { param: fields.param }) };
  }
}

function encodedEverywhere(matrix: Matrix, asked: RequestCase): Record<string, unknown> {
  const encoded = providersOf(matrix).map(([dialect, model, codec]) => [
    dialect,
    encodedFor(matrix, asked, model, codec),
  ]);
  const { extensions: _, warnings: __, ...request } = { extensions: null, ...decodeRequest(matrix, asked) };
  const weight = clientOf(matrix).weigh(decodeRequest(matrix, asked));
  return { canonical: shown(request), weight, ...Object.fromEntries(encoded) };
}

function encodedFor(matrix: Matrix, asked: RequestCase, model: string, codec: AnyTaskProvider): unknown {
  return refusedOr(() => {
    const target = { model, warnings: [], flags: {} };
    const request = { ...decodeRequest(matrix, asked), model };
    const { path, method = "POST", headers, body } = codec.encodeRequest(request, target);
    const answer = codec.answerForm?.(request) ?? "whole";
    return { method, path, headers, body: shownBody(body), answer, warnings: target.warnings };
  });
}

function shownBody(body: EncodedBody): unknown {
  if (body === null) return null;
  if ("json" in body) return JSON.parse(JSON.stringify(body.json));
  if ("form" in body) return shown(body.form);
  return shown(body);
}

/** Bytes as text. */
function shown(value: unknown): unknown {
  if (value instanceof Uint8Array) return `<${Buffer.from(value).toString("utf8")}>`;
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shown(each)]));
}

function answerOf(said: Said): TaskWireAnswer {
  const isJson = "json" in said;
  const bytes = Buffer.from(isJson ? JSON.stringify(said.json) : said.text);
  return {
    contentType: isJson ? "application/json" : said.contentType,
    bytes,
    json() {
      if (isJson) return structuredClone(said.json);
      throw new GatewayError("provider_protocol_error", "its answer was not JSON");
    },
  };
}

function readBack(matrix: Matrix, to: string, dialect: string, said: Said): unknown {
  const asked = matrix.requests.find(({ name }) => name === to);
  if (asked === undefined) throw new Error(`no request ${to}`);
  const codec = providersOf(matrix).find(([name]) => name === dialect)?.[2];
  return refusedOr(() => {
    const answer = codec?.decodeResponse(answerOf(said), decodeRequest(matrix, asked)) ?? {};
    return { usage: countsOf(answer), ...encodedAnswer(matrix, asked, answer) };
  });
}

/** What is not zero. */
function countsOf({ usage }: TaskAnswer): object {
  const counts = Object.entries(usage ?? {}).filter(([key, value]) => key !== "raw" && value !== 0);
  return Object.fromEntries(counts);
}

function encodedAnswer(matrix: Matrix, asked: RequestCase, answer: TaskAnswer): { whole: unknown; events?: unknown } {
  const codec = clientOf(matrix);
  const reply = { requestId: "req_1", createdAt: 1000, request: decodeRequest(matrix, asked) };
  const whole = codec.encodeResponse(answer, reply);
  const events = codec.encodeEvents?.(answer, reply).trimEnd().split("\n\n");
  return { whole: shownAnswer(whole), ...(events !== undefined && { events }) };
}

function shownAnswer({ body, contentType, ...rest }: EncodedAnswer): unknown {
  const text = typeof body === "string" ? body : Buffer.from(body).toString("latin1");
  return { contentType, ...rest, body: contentType === "application/json" ? JSON.parse(text) : text };
}

const VALUES: Json[] = [null, 0, -1, 1e300, "", "x", true, [], {}, [null], { a: 1 }, ["x"], [[]], [{}]];
const ROUNDS = 60;

function checkMutations(matrix: Matrix): void {
  for (const [number, asked] of matrix.requests.entries()) {
    const random = randomFrom(number + 1);
    for (let round = 0; round < ROUNDS; round += 1) {
      const bad = mutatedCase(asked, random);
      for (const [, model, codec] of providersOf(matrix)) encodedFor(matrix, bad, model, codec);
    }
  }
  for (const [number, { to, said }] of matrix.answers.entries()) {
    const random = randomFrom(number + 100);
    for (const [dialect, each] of Object.entries(said)) {
      if (!("json" in each)) continue;
      for (let round = 0; round < ROUNDS; round += 1)
        expect(readBack(matrix, to, dialect, { json: mutated(each.json, random) })).toBeDefined();
    }
  }
}

function mutatedCase(asked: RequestCase, random: (below: number) => number): RequestCase {
  const { body } = asked;
  if ("json" in body) return { ...asked, body: { json: mutated({ model: "m", ...body.json }, random) } };
  return { ...asked, body: { ...body, fields: mutated({ model: "m", ...body.fields }, random) } };
}

function pathsIn(value: unknown, path: string[] = [], out: string[][] = []): string[][] {
  if (typeof value !== "object" || value === null) return out;
  for (const [key, each] of Object.entries(value)) {
    out.push([...path, key]);
    pathsIn(each, [...path, key], out);
  }
  return out;
}

function mutated<T extends Json>(value: T, random: (below: number) => number): T {
  const copy = structuredClone(value);
  const paths = pathsIn(copy);
  const path = paths[random(paths.length)];
  if (path === undefined) return copy;
  const key = path.at(-1) ?? "";
  let holder = copy as unknown as Record<string, Json>;
  for (const step of path.slice(0, -1)) holder = holder[step] as unknown as Record<string, Json>;
  if (random(4) > 0) holder[key] = structuredClone(VALUES[random(VALUES.length)] ?? null);
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  return copy;
}
