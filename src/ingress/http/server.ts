import type { Dialect } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import { NO_BODY, type RawBody } from "../../domain/attempt/patch.ts";
import { timeOrderedId } from "../../lib/ids.ts";
import type { RequestContext } from "../../pipeline/context.ts";
import { refuse, run, runHead } from "../../pipeline/run.ts";
import type { Runtime } from "../../pipeline/runtime.ts";
import type { Snapshot } from "../../pipeline/snapshot.ts";
import { SocketIngress, type Upgrader } from "../websocket/socket-ingress.ts";
import { createClientSecret } from "../websocket/client-secrets.ts";
import { asGatewayError } from "./as-gateway-error.ts";
import { beginRequest, codecsOf } from "./begin-request.ts";
import { stagesFor } from "../../pipeline/stages.ts";
import { readBody, type BodyKind, type ReadBody } from "./body.ts";
import type { ClientSecretEndpoint, Endpoint, InferenceEndpoint, ModelsEndpoint } from "./endpoints/endpoint.ts";
import { errorDialectOf, isInferencePath, matchEndpoint } from "./endpoints/match.ts";
import type { Connections, LiveRequest } from "./live-request.ts";
import { LiveRequests } from "./live-requests.ts";
import { lasting } from "./lasting.ts";
import { listModels } from "./models.ts";
import { dialectFor, passesThrough, passingOf } from "./passthrough.ts";
import type { Passing } from "../../pipeline/passthrough/passing.ts";
import { errorResponse, responseOf } from "./reply.ts";
import { withModel } from "./with-model.ts";

/** What the HTTP side of a data thread works with. */
export interface IngressDependencies {
  runtime: Runtime;
  /** The snapshot in force. */
  snapshot(): Snapshot;
  /** Signs short-lived credentials; the same on all threads. */
  clientSecretKey: Uint8Array;
  /** Answers management, metrics and dashboard requests on the control thread. */
  forward(request: Request): Promise<Response>;
}

type Answer = Response | Promise<Response | undefined>;

/** Answers all HTTP requests of a data thread. */
export class HttpIngress {
  readonly live: LiveRequests;
  private readonly dependencies: IngressDependencies;
  private readonly sockets: SocketIngress;
  private knownHost = "";

  constructor(dependencies: IngressDependencies) {
    this.dependencies = dependencies;
    this.live = new LiveRequests();
    this.sockets = new SocketIngress(dependencies, this.live);
  }

  /** Never rejects. `connections`: those that requests come on. Undefined: the request has become a WebSocket. */
  answer(request: Request, connections: Connections & Upgrader): Answer {
    const { url, method } = request;
    if (url.charCodeAt(0) === SLASH) return this.answerHostless(url);
    if (!this.isHost(request.headers.get("host"))) return this.refuse("openai-chat", badHost());
    const pathStart = url.indexOf("/", 8);
    const queryStart = url.indexOf("?", pathStart);
    const path = pathStart < 0 ? "/" : url.slice(pathStart, queryStart < 0 ? url.length : queryStart);
    if (path === "/healthz") return new Response("ok\n");
    if (path === "/readyz") return this.readiness();
    if (passesThrough(path)) {
      return this.pass(request, connections, path, queryStart < 0 ? "" : url.slice(queryStart + 1));
    }
    const match = matchEndpoint(method, path.startsWith("//ws/") ? path.slice(1) : path, request);
    if (match.status === "found") {
      const query = queryStart < 0 ? "" : url.slice(queryStart + 1);
      if (match.endpoint.type === "inference") {
        return this.infer(request, connections, this.begin(request, match.endpoint, query), match.endpoint);
      }
      return this.answerOther(request, connections, match.endpoint, query);
    }
    if (match.status === "refused") return this.refuse(errorDialectOf(path), match.error);
    if (match.status === "wrong_method")
      return this.refuse(errorDialectOf(path), wrongMethod(method, path, match.allow));
    return this.beyond(request, path);
  }

  private answerOther(
    request: Request,
    server: Upgrader,
    endpoint: Exclude<Endpoint, InferenceEndpoint>,
    query: string,
  ): Answer {
    if (endpoint.type === "socket") return this.sockets.answer(request, server, endpoint, query);
    if (endpoint.type === "client_secret") return this.clientSecret(request, endpoint);
    if (endpoint.type === "constant") return Response.json(endpoint.body);
    if (endpoint.idInBody === true) return this.model(request, endpoint, query);
    return this.models(request, endpoint, endpoint.id, query);
  }

  /** HTTP/1.0 without a Host header has a bare path for its URL. Load balancers probe so by default; nobody else needs it. */
  private answerHostless(path: string): Response {
    if (path === "/healthz") return new Response("ok\n");
    return path === "/readyz" ? this.readiness() : this.refuse("openai-chat", badHost());
  }

  /** Ends what is under way, with a grace; see `LiveRequests.drain`. */
  drain(deadlineMs: number, stopListening: () => void): Promise<void> {
    const drained = this.live.drain(deadlineMs, stopListening);
    this.sockets.drain();
    return drained;
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

  private async pass(request: Request, connections: Connections, path: string, query: string): Promise<Response> {
    const { runtime } = this.dependencies;
    const snapshot = this.dependencies.snapshot();
    let live: LiveRequest | null = null;
    let passing: Passing;
    try {
      passing = passingOf(request, path, query, snapshot.data.maxBodyBytes, () => live?.bodyRead(performance.now()));
    } catch (error) {
      return this.refuse("openai-chat", asGatewayError(error, runtime));
    }
    const dialect = dialectFor(runtime, snapshot, passing.provider);
    const context = beginRequest(runtime, snapshot, { operation: "passthrough", dialect, headers: request.headers });
    context.arrival.passing = passing;
    context.arrival.queryKey = new URLSearchParams(query).get("key");
    live = this.live.add(context, request, connections, snapshot.data);
    if (passing.body === null) live.bodyRead(performance.now());
    if (this.live.isClosed) return responseOf(context, refuse(context, stopping()), true);
    return responseOf(context, await run(context), this.live.isDraining);
  }

  private bodyOf(request: Request, context: RequestContext, endpoint: InferenceEndpoint): Promise<ReadBody> | ReadBody {
    if (endpoint.isBodiless === true) return { raw: context.arrival.body, length: 0 };
    return orGivenUp(context, readBody(request, context.snapshot.data.maxBodyBytes, bodyKind(context, endpoint)));
  }

  private begin(request: Request, endpoint: InferenceEndpoint, query: string): RequestContext {
    const { operation, dialect, errors } = endpoint;
    const beginning = { operation, dialect, headers: request.headers, errors };
    const context = beginRequest(this.dependencies.runtime, this.dependencies.snapshot(), beginning);
    const { arrival } = context;
    arrival.framing = endpoint.framing ?? null;
    arrival.pathProvider = endpoint.pathProvider ?? null;
    arrival.replyHeaders = endpoint.replyHeaders ?? null;
    arrival.pathModel = endpoint.pathModel;
    arrival.pathStream = endpoint.pathStream;
    arrival.pathJob = endpoint.pathJob ?? null;
    if (endpoint.isBodiless === true) arrival.body = queryBody(query);
    const more = lasting(request, endpoint, query);
    if (more !== null) Object.assign(arrival, more);
    if (endpoint.readQuery !== undefined) Object.assign(arrival, endpoint.readQuery(new URLSearchParams(query)));
    return context;
  }

  /** The body has said what the request is. */
  private open(
    context: RequestContext,
    endpoint: InferenceEndpoint,
    open: NonNullable<InferenceEndpoint["open"]>,
  ): void {
    const { arrival } = context;
    const { pathStream, errors } = endpoint;
    const opened = open({ ...arrival, pathModel: endpoint.pathModel ?? "", pathStream });
    const { operation, dialect, warnings = [], ...told } = opened;
    const { runtime } = this.dependencies;
    Object.assign(arrival, told, { operation }, codecsOf(runtime, { operation, dialect, errors }));
    context.warnings.push(...warnings);
    context.stages = stagesFor(operation);
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
      return Response.json(
        listModels(this.dependencies.snapshot(), runtime.catalog, shape ?? dialect, id, {
          headers: request.headers,
          query: new URLSearchParams(query),
          now: runtime.clock.wall(),
        }),
      );
    } catch (error) {
      return this.refuse(dialect, asGatewayError(error, runtime));
    }
  }

  private async clientSecret(request: Request, { form }: ClientSecretEndpoint): Promise<Response> {
    const { runtime, clientSecretKey } = this.dependencies;
    const snapshot = this.dependencies.snapshot();
    try {
      const { raw } = await readBody(request, snapshot.data.maxBodyBytes, "json");
      const now = runtime.clock.wall();
      return Response.json(createClientSecret(snapshot, clientSecretKey, request, raw.json, form, now));
    } catch (error) {
      return this.refuse("openai-chat", asGatewayError(error, runtime));
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
    return errorResponse(name, timeOrderedId("req_", this.dependencies.runtime.clock.wall()), status, body, error);
  }

  private dialect(name: Dialect["name"]): Dialect {
    const dialect = this.dependencies.runtime.dialects.get(name);
    if (dialect === undefined) throw new Error(`dialect ${name} is not installed`);
    return dialect;
  }
}

const SLASH = 0x2f;

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

function stopping(): GatewayError {
  return new GatewayError("draining", "this process is stopping: try again", { retryAfterMs: 1000 });
}

function badHost(): GatewayError {
  return new GatewayError("invalid_request", "the Host header is missing, or no host name");
}

function wrongMethod(method: string, path: string, allow: string): GatewayError {
  return new GatewayError("method_not_allowed", `${path} takes ${allow}, not ${method}`);
}
