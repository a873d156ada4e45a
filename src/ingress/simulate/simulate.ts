import type { Decision } from "../../canonical/decision.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isJobOperation, isTask, type DialectName } from "../../canonical/names.ts";
import type { RawBody } from "../../domain/attempt/patch.ts";
import { seededDraw } from "../../lib/seeded-draw.ts";
import type { RequestContext } from "../../pipeline/context.ts";
import type { Runtime } from "../../pipeline/runtime.ts";
import { decide } from "../../pipeline/simulate/decide.ts";
import { quietRuntime, type Codecs, type DecisionParts } from "../../pipeline/simulate/parts.ts";
import { stagesFor, type PipelineOperation } from "../../pipeline/stages.ts";
import { beginRequest, codecsOf } from "../http/begin-request.ts";
import type { InferenceEndpoint } from "../http/endpoints/endpoint.ts";
import { matchEndpoint } from "../http/endpoints/match.ts";
import { parseBody } from "../http/parse-body.ts";
import { withModel } from "../http/with-model.ts";
import { readQuestion, type SimulationQuestion } from "./read-question.ts";

/** Decides on the request that the JSON text describes, without calling anybody or changing anything. Rejects with a `GatewayError` for a question that is none. */
export async function simulate(question: Uint8Array, parts: DecisionParts, codecs: Codecs): Promise<Decision> {
  const asked = readQuestion((await parseBody(question)).json);
  const { version } = parts.snapshot.data;
  if (asked.snapshot !== null && asked.snapshot !== version) {
    const text = `snapshot: version ${version} is in force, not ${asked.snapshot}`;
    throw new GatewayError("invalid_request", text, { param: "snapshot" });
  }
  const draw = asked.seed === null ? Math.random : seededDraw(asked.seed);
  const body = await parseBody(Buffer.from(JSON.stringify(asked.body)));
  const context = begin(quietRuntime(parts, codecs, draw), parts, asked, body);
  return decide(context, asked);
}

function begin(runtime: Runtime, parts: DecisionParts, asked: SimulationQuestion, body: RawBody): RequestContext {
  const endpoint = asked.path === null ? placeOf(runtime, asked, body) : endpointAt(asked.path, asked.headers);
  const { operation, dialect, errors, pathModel, pathStream, pathJob, pathProvider, bodyModel } = endpoint;
  const context = beginRequest(runtime, parts.snapshot, { operation, dialect, headers: asked.headers, errors });
  const { arrival } = context;
  arrival.pathModel = pathModel;
  arrival.pathStream = pathStream;
  arrival.pathJob = pathJob ?? null;
  arrival.pathProvider = pathProvider ?? null;
  arrival.body = bodyModel === undefined ? body : withModel(body, bodyModel);
  arrival.bodyLength = body.text.length;
  if (asked.time !== null) arrival.wall = asked.time;
  if (endpoint.open !== undefined) open(context, endpoint, endpoint.open);
  return context;
}

/** The body says what the request is. */
function open(
  context: RequestContext,
  { pathModel, pathStream, errors }: InferenceEndpoint,
  opener: NonNullable<InferenceEndpoint["open"]>,
): void {
  const { arrival, runtime } = context;
  const { operation, dialect, warnings = [], ...told } = opener({ ...arrival, pathModel: pathModel ?? "", pathStream });
  Object.assign(arrival, told, { operation }, codecsOf(runtime, { operation, dialect, errors }));
  context.warnings.push(...warnings);
  context.stages = stagesFor(operation);
}

function endpointAt(path: string, headers: Headers): InferenceEndpoint {
  const match = matchEndpoint("POST", path.replace(/\?.*/s, ""), { headers });
  const endpoint = match.status === "found" && match.endpoint.type === "inference" ? match.endpoint : null;
  if (endpoint === null || !isSimulated(endpoint.operation)) {
    const text = `path: nothing that is routed is posted to ${JSON.stringify(path.slice(0, 200))}`;
    throw new GatewayError("invalid_request", text, { param: "path" });
  }
  return endpoint;
}

function isSimulated(operation: string): operation is PipelineOperation {
  const known = operation as PipelineOperation;
  return ["chat", "responses", "count_tokens"].includes(operation) || (isTask(known) && !isJobOperation(known));
}

/** Where a body of an operation and dialect goes that has no path: models that dialects have in their paths stand in it. */
function placeOf(
  runtime: Runtime,
  { operation, dialect: stated }: SimulationQuestion,
  body: RawBody,
): InferenceEndpoint {
  if (!isSimulated(operation)) return refused("operation", operation, "is none that is routed");
  const dialect = (stated ?? usual(operation)) as DialectName;
  const chat = runtime.dialects.get(dialect);
  const found = isTask(operation) ? runtime.taskDialects.get(dialect)?.tasks[operation] : chat;
  if (found === undefined) return refused("dialect", dialect, `has no operation ${operation}`);
  const { model } = body.json;
  const inPath = chat !== undefined && !chat.modelInBody && typeof model === "string";
  const pathStream = inPath && body.json["stream"] === true;
  return { type: "inference", operation, dialect, pathModel: inPath ? model : null, pathStream };
}

function usual(operation: PipelineOperation): DialectName {
  if (operation === "responses") return "openai-responses";
  if (operation === "count_tokens") return "anthropic-messages";
  return isTask(operation) ? "openai" : "openai-chat";
}

function refused(param: string, value: string, problem: string): never {
  throw new GatewayError("invalid_request", `${param}: ${JSON.stringify(value.slice(0, 100))} ${problem}`, { param });
}
