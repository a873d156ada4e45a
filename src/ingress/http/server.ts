import type { Dialect } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { isTask } from "../../canonical/names.ts";
import type { AnyTaskCodec } from "../../canonical/task.ts";
import { timeOrderedId } from "../../lib/ids.ts";
import { RequestContext, type Arrival } from "../../pipeline/context.ts";
import type { RawBody } from "../../domain/attempt/patch.ts";
import { refuse, run, runHead } from "../../pipeline/run.ts";
import type { Runtime } from "../../pipeline/runtime.ts";
import type { Snapshot } from "../../pipeline/snapshot.ts";
import { stagesFor } from "../../pipeline/stages.ts";
import { readBody, type BodyKind, type ReadBody } from "./body.ts";
import type { InferenceEndpoint, ModelsEndpoint } from "./endpoints/endpoint.ts";
import { errorDialectOf, isInferencePath, matchEndpoint } from "./endpoints/match.ts";
import type { Connections, LiveRequest } from "./live-request.ts";
import { LiveRequests } from "./live-requests.ts";
import { listModels } from "./models.ts";
import { errorResponse, responseOf } from "./reply.ts";
import { withModel } from "./with-model.ts";

/** What the HTTP side of a data thread works with. */
export interface IngressDependencies {
  runtime: Runtime;
  /** The snapshot in force. */
  snapshot(): Snapshot;
  /** Answers management, metrics and dashboard requests on the control thread. */
  forward(request: Request): Promise<Response>;
}

/** Stands in until the body has been read, and where it cannot be. */
const NO_BODY: RawBody = {
  text: "",
  json: {},
  scan: { spans: new Map(), duplicates: new Set(), depth: 0, tooDeep: false },
  form: null,
};

/** Answers all HTTP requests of a data thread. */
export class HttpIngress {
  readonly live: LiveRequests;
  private readonly dependencies: IngressDependencies;
  private knownHost = "";

  constructor(dependencies: IngressDependencies) {
    this.dependencies = dependencies;
    this.live = new LiveRequests();
  }

  /** Never rejects. `connections`: those that requests come on. */
  answer(request: Request, connections: Connections): Response | Promise<Response> {
    const { url, method } = request;
    if (!this.isHost(request.headers.get("host"))) return this.refuse("openai-chat", badHost());
    const pathStart = url.indexOf("/", 8);
    const queryStart = url.indexOf("?", pathStart);
    const path = pathStart < 0 ? "/" : url.slice(pathStart, queryStart < 0 ? url.length : queryStart);
    if (path === "/healthz") return new Response("ok\n");
    if (path === "/readyz") return this.readiness();
    const match = matchEndpoint(method, path, request);
    if (match.status === "found") {
      const query = queryStart < 0 ? "" : url.slice(queryStart + 1);
      if (match.endpoint.type === "inference") {
        return this.infer(request, connections, this.begin(request, match.endpoint, query), match.endpoint);
      }
      if (match.endpoint.type === "constant") return Response.json(match.endpoint.body);
      if (match.endpoint.idInBody === true) return this.model(request, match.endpoint, query);
      return this.models(request, match.endpoint, match.endpoint.id, query);
    }
    if (match.status === "wrong_method")
      return this.refuse(errorDialectOf(path), wrongMethod(method, path, match.allow));
    return this.beyond(request, path);
  }

  /** The path is read from a URL that holds the Host header: one that is no host would shift it. */
  private isHost(host: string | null): boolean {
    if (host === null || host === this.knownHost) return true;
    if (!/^[\w.-]+(?::\d+)?$|^\[[\da-f:.]+\](?::\d+)?$/i.test(host) || !URL.canParse(`http://${host}/`)) return false;
    this.knownHost = host;
    return true;
  }

  private readiness(): Response {
    return this.live.isDraining ? new Response("draining\n", { status: 503 }) : new Response("ready\n");
  }

  private async infer(
    request: Request,
    connections: Connections,
    context: RequestContext,
    endpoint: InferenceEndpoint,
  ): Promise<Response> {
    const live = this.live.add(context, request, connections, context.snapshot.data);
    try {
      if (this.live.isClosed) throw stopping();
      runHead(context);
      takeBody(live, await this.bodyOf(request, context, endpoint), endpoint);
      if (endpoint.open !== undefined) this.open(context, endpoint, endpoint.open);
    } catch (error) {
      const refusal = asGatewayError(error, context.runtime);
      const isLast = this.live.isDraining || refusal.code === "body_timeout";
      return responseOf(context, refuse(context, refusal), isLast);
    }
    return responseOf(context, await run(context), this.live.isDraining);
  }

  private bodyOf(request: Request, context: RequestContext, endpoint: InferenceEndpoint): Promise<ReadBody> | ReadBody {
    if (endpoint.isBodiless === true) return { raw: context.arrival.body, length: 0 };
    return orGivenUp(context, readBody(request, context.snapshot.data.maxBodyBytes, bodyKind(context, endpoint)));
  }

  private begin(request: Request, endpoint: InferenceEndpoint, query: string): RequestContext {
    const { runtime } = this.dependencies;
    const wall = runtime.clock.wall();
    const arrival: Arrival = {
      operation: endpoint.operation,
      ...this.codecs(endpoint),
      framing: endpoint.framing ?? null,
      pathProvider: endpoint.pathProvider ?? null,
      replyHeaders: endpoint.replyHeaders ?? null,
      headers: request.headers,
      body: endpoint.isBodiless ? queryBody(query) : NO_BODY,
      bodyLength: 0,
      pathModel: endpoint.pathModel,
      pathStream: endpoint.pathStream,
      pathJob: endpoint.pathJob ?? null,
      queryKey: null,
      jsonArrayStream: false,
      id: timeOrderedId("req_", wall),
      wall,
      monotonic: runtime.clock.monotonic(),
    };
    if (endpoint.dialect === "gemini") Object.assign(arrival, queryFields(endpoint, query));
    return new RequestContext(arrival, runtime, this.dependencies.snapshot(), stagesFor(endpoint.operation));
  }

  /** The body has said what the request is. */
  private open(
    context: RequestContext,
    endpoint: InferenceEndpoint,
    open: NonNullable<InferenceEndpoint["open"]>,
  ): void {
    const { arrival } = context;
    const { pathStream } = endpoint;
    const opened = open({ ...arrival, pathModel: endpoint.pathModel ?? "", pathStream });
    const { operation, dialect, warnings = [], ...told } = opened;
    Object.assign(arrival, told, { operation }, this.codecs({ ...endpoint, operation, dialect }));
    context.warnings.push(...warnings);
    context.stages = stagesFor(operation);
  }

  private codecs(endpoint: InferenceEndpoint): Pick<Arrival, "dialect" | "chat" | "task"> {
    const { operation, dialect: name, errors } = endpoint;
    const { dialects, taskDialects } = this.dependencies.runtime;
    const chat = isTask(operation) ? undefined : dialects.get(name);
    const dialect = chat ?? taskDialects.get(name);
    const task = isTask(operation) ? taskDialects.get(name)?.tasks[operation] : undefined;
    if (dialect === undefined || (chat ?? task) === undefined)
      throw new Error(`dialect ${name} is not installed for ${operation}`);
    const own = errors === undefined ? dialect : { ...errors, name };
    return { dialect: own, chat: chat ?? null, task: (task as AnyTaskCodec | undefined) ?? null };
  }

  /** One model, which the body names. */
  private async model(request: Request, endpoint: ModelsEndpoint, query: string): Promise<Response> {
    try {
      const { raw } = await readBody(request, this.dependencies.snapshot().data.maxBodyBytes, "json");
      const { model, name: former } = raw.json;
      const id = model ?? former;
      if (typeof id !== "string") throw new GatewayError("invalid_request", "model is required", { param: "model" });
      return this.models(request, endpoint, id, query);
    } catch (error) {
      return this.refuse(endpoint.dialect, asGatewayError(error, this.dependencies.runtime));
    }
  }

  private models(request: Request, { dialect, shape }: ModelsEndpoint, id: string | null, query: string): Response {
    const { runtime } = this.dependencies;
    try {
      const queryKey = new URLSearchParams(query).get("key");
      return Response.json(
        listModels(this.dependencies.snapshot(), runtime.catalog, shape ?? dialect, id, {
          headers: request.headers,
          queryKey,
          now: runtime.clock.wall(),
        }),
      );
    } catch (error) {
      return this.refuse(dialect, asGatewayError(error, runtime));
    }
  }

  private async beyond(request: Request, path: string): Promise<Response> {
    if (isInferencePath(path)) {
      return this.refuse(
        errorDialectOf(path),
        new GatewayError("route_not_found", `no such endpoint: ${request.method} ${path.slice(0, 200)}`),
      );
    }
    try {
      return await this.dependencies.forward(request);
    } catch (error) {
      this.dependencies.runtime.report(error);
      return this.refuse("openai-chat", new GatewayError("overloaded", "the control thread does not answer"));
    }
  }

  private refuse(name: Dialect["name"], error: GatewayError): Response {
    const { status, body } = this.dialect(name).encodeError(error);
    return errorResponse(timeOrderedId("req_", this.dependencies.runtime.clock.wall()), status, body, error);
  }

  private dialect(name: Dialect["name"]): Dialect {
    const dialect = this.dependencies.runtime.dialects.get(name);
    if (dialect === undefined) throw new Error(`dialect ${name} is not installed`);
    return dialect;
  }
}

function queryBody(query: string): RawBody {
  return { ...NO_BODY, json: Object.fromEntries(new URLSearchParams(query)) };
}

function takeBody(live: LiveRequest, { raw, length }: ReadBody, { bodyModel }: InferenceEndpoint): void {
  const { arrival } = live.context;
  arrival.body = bodyModel === undefined ? raw : withModel(raw, bodyModel);
  arrival.bodyLength = length;
  live.bodyRead(performance.now());
}

/** What `promise` brings, unless the request is given up first. */
function orGivenUp<T>(context: RequestContext, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    context.giveUp = reject;
    promise.then(resolve, reject);
  });
}

function bodyKind({ arrival }: RequestContext, { bodyKind: own }: InferenceEndpoint): BodyKind {
  return own ?? (arrival.task === null ? "json" : "json_or_form");
}

/** Gemini's key and stream form stand in the query. */
function queryFields(
  endpoint: InferenceEndpoint,
  query: string,
): { queryKey: string | null; jsonArrayStream: boolean } {
  const parameters = new URLSearchParams(query);
  return { queryKey: parameters.get("key"), jsonArrayStream: endpoint.pathStream && parameters.get("alt") !== "sse" };
}

function stopping(): GatewayError {
  return new GatewayError("draining", "this process is stopping: try again", { retryAfterMs: 1000 });
}

function badHost(): GatewayError {
  return new GatewayError("invalid_request", "the Host header is no host name");
}

function wrongMethod(method: string, path: string, allow: string): GatewayError {
  return new GatewayError("method_not_allowed", `${path} takes ${allow}, not ${method}`);
}

function asGatewayError(error: unknown, runtime: Runtime): GatewayError {
  if (error instanceof GatewayError) return error;
  runtime.report(error);
  return new GatewayError("internal_error", "the gateway failed on this request; its log says how");
}
