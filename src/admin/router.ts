import { GatewayError } from "../canonical/errors.ts";
import { checkAdmin } from "./guard.ts";
import {
  getExperiment,
  listExperiments,
  RANGE_PARAMETERS,
  type ConfiguredExperiment,
  type ExperimentSources,
} from "./experiments.ts";
import { FEEDBACK_FIELDS } from "./feedback-fields.ts";
import { answerFeedback, readJsonObject, type GiveFeedback } from "./feedback.ts";
import { getLog, listLogs } from "./logs.ts";
import { LOG_PARAMETERS } from "./log-query.ts";
import { landingPage } from "./landing.ts";
import { readAdminBody } from "./read-admin-body.ts";
import { SIMULATION_FIELDS } from "./simulation-fields.ts";
import { filterModels, MODEL_PARAMETERS, type PresentedModel } from "../domain/catalog/index.ts";
import type { FeedbackStore } from "../domain/feedback/port.ts";
import type { LogStore } from "../domain/log/port.ts";

/** What the management side reads and serves. */
export interface AdminDependencies {
  store: Pick<LogStore, "list" | "get"> & Pick<FeedbackStore, "feedbackOf"> & ExperimentSources["store"];
  /** SHA-256 hashes of the tokens that open it. */
  tokenHashes: () => readonly Uint8Array[];
  /** Prometheus text. */
  metrics: () => string;
  version: string;
  /** All models of the configured providers. */
  models: () => PresentedModel[];
  /** Reads the configured data sheet of model facts again; null when none is configured. Rejects when it is no good. */
  refreshCatalog: () => Promise<{ source: string; models: number } | null>;
  experiments: () => readonly ConfiguredExperiment[];
  giveFeedback: GiveFeedback;
  /** Decides on the request that a JSON text describes, without calling anybody. Rejects with a `GatewayError`. */
  simulate: (question: Uint8Array) => Promise<object>;
}

interface ApiRoute {
  method: "GET" | "POST";
  /** With `{name}` for one path segment. */
  path: string;
  summary: string;
  query?: readonly string[];
  /** Set on what takes a body: its fields, with what each is. */
  body?: Readonly<Record<string, object>>;
  answer(
    dependencies: AdminDependencies,
    parameter: string,
    query: URLSearchParams,
    request: Request,
  ): object | Promise<object>;
}

/** Every management route; all of them behind the admin token. */
const ROUTES: readonly ApiRoute[] = [
  {
    method: "GET",
    path: "/api/experiments",
    summary: "Experiments, with the requests of their arms.",
    query: RANGE_PARAMETERS,
    answer: (dependencies, _, query) => listExperiments(query, experimentSources(dependencies)),
  },
  {
    method: "GET",
    path: "/api/experiments/{name}",
    summary: "How the arms of an experiment do beside each other.",
    query: RANGE_PARAMETERS,
    answer: (dependencies, name, query) =>
      getExperiment(name, query, experimentSources(dependencies)) ?? noExperiment(name),
  },
  {
    method: "POST",
    path: "/api/feedback",
    summary: "Keeps feedback on the answer of a request.",
    body: FEEDBACK_FIELDS,
    answer: async ({ giveFeedback }, _, __, request) => answerFeedback(await readJsonObject(request), giveFeedback),
  },
  {
    method: "GET",
    path: "/api/logs",
    summary: "Records of requests, latest first.",
    query: LOG_PARAMETERS,
    answer: ({ store }, _, query) => listLogs(query, store),
  },
  {
    method: "GET",
    path: "/api/logs/{id}",
    summary: "The record of one request, by its request id.",
    answer: ({ store }, id) => getLog(id, store) ?? missing(id),
  },
  {
    method: "GET",
    path: "/api/models",
    summary: "Models of the configured providers, with limits, capabilities and prices.",
    query: MODEL_PARAMETERS,
    answer: ({ models }, _, query) => ({ data: filterModels(models(), query) }),
  },
  {
    method: "POST",
    path: "/api/models/refresh",
    summary: "Reads the data sheet that `catalog` names in the configuration again.",
    answer: async ({ refreshCatalog }) => (await refreshed(refreshCatalog)) ?? noSheet(),
  },
  {
    method: "POST",
    path: "/api/routing/simulate",
    summary: "Decides on a request without calling anybody: where it would go, why, and how its limits stand.",
    body: SIMULATION_FIELDS,
    answer: async ({ simulate }, _parameter, _query, request) => simulate(await readAdminBody(request)),
  },
  {
    method: "GET",
    path: "/api/openapi.json",
    summary: "This description.",
    answer: ({ version }) => describeApi(version),
  },
];

const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
};

/** Answers management, metrics and dashboard requests. Never rejects. */
export async function answerAdmin(request: Request, dependencies: AdminDependencies): Promise<Response> {
  try {
    return await dispatch(request, dependencies);
  } catch (error) {
    return errorOf(error);
  }
}

async function dispatch(request: Request, dependencies: AdminDependencies): Promise<Response> {
  const url = URL.parse(request.url);
  if (url === null) throw new GatewayError("invalid_request", "the Host header makes no URL");
  const { pathname, searchParams, origin } = url;
  if (pathname === "/metrics") {
    return new Response(dependencies.metrics(), { headers: { "content-type": METRICS_TYPE } });
  }
  if (pathname === "/") return new Response(landingPage(dependencies.version, origin), { headers: PAGE_HEADERS });
  if (!pathname.startsWith("/api/") && pathname !== "/api") throw notFound(request.method, pathname);
  checkAdmin(request, dependencies.tokenHashes());
  for (const route of ROUTES) {
    const parameter = matchPath(route.path, pathname);
    if (parameter === null) continue;
    if (request.method !== route.method) {
      throw new GatewayError("method_not_allowed", `${pathname} takes ${route.method}, not ${request.method}`);
    }
    if (route.query === undefined) refuseQuery(searchParams);
    return Response.json(await route.answer(dependencies, parameter, searchParams, request));
  }
  throw notFound(request.method, pathname);
}

/** The path's parameter (empty where the route has none), or null when it is another path. */
function matchPath(pattern: string, path: string): string | null {
  const brace = pattern.indexOf("{");
  if (brace < 0) return pattern === path ? "" : null;
  const rest = path.slice(brace);
  if (!path.startsWith(pattern.slice(0, brace)) || rest === "" || rest.includes("/")) return null;
  try {
    return decodeURIComponent(rest);
  } catch {
    return null;
  }
}

function refuseQuery(query: URLSearchParams): void {
  for (const name of query.keys()) {
    throw new GatewayError(
      "invalid_request",
      `unknown query parameter ${JSON.stringify(name.slice(0, 100))}: this route takes none`,
      {
        param: name.slice(0, 100),
      },
    );
  }
}

/** What is wrong with a sheet is the operator's to know. */
async function refreshed(refresh: AdminDependencies["refreshCatalog"]): Promise<object | null> {
  try {
    return await refresh();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GatewayError("upstream_error", `the data sheet was not read, the last facts stay: ${reason}`);
  }
}

function noSheet(): never {
  throw new GatewayError("not_found", "no data sheet is configured: set catalog.url or catalog.file");
}

function experimentSources({ store, experiments }: AdminDependencies): ExperimentSources {
  return { store, configured: experiments(), now: Date.now() };
}

function noExperiment(name: string): never {
  throw new GatewayError("not_found", `no experiment with the name ${JSON.stringify(name.slice(0, 100))}`);
}

function missing(id: string): never {
  throw new GatewayError("not_found", `no record with id ${JSON.stringify(id.slice(0, 100))}`);
}

function notFound(method: string, path: string): GatewayError {
  return new GatewayError("route_not_found", `no such endpoint: ${method} ${path.slice(0, 200)}`);
}

function errorOf(error: unknown): Response {
  const known = error instanceof GatewayError ? error : new GatewayError("internal_error", "the store does not answer");
  const param = known.fields.param === undefined ? {} : { param: known.fields.param };
  return Response.json({ error: { code: known.code, message: known.message, ...param } }, { status: known.status });
}

/** OpenAPI 3.1 of the management API. */
function describeApi(version: string): object {
  const paths: Record<string, object> = {};
  for (const { method, path, summary, query = [], body } of ROUTES) {
    const name = /\{(\w+)\}/.exec(path)?.[1];
    const inPath = name === undefined ? [] : [{ name, in: "path", required: true, schema: { type: "string" } }];
    const inQuery = query.map((each) => ({ name: each, in: "query", schema: { type: "string" } }));
    const responses = {
      "200": { description: "OK" },
      "400": { description: "Bad query or body" },
      "401": { description: "No or unknown admin token" },
    };
    const requestBody = body === undefined ? {} : { requestBody: describeBody(body) };
    paths[path] = {
      [method.toLowerCase()]: { summary, parameters: [...inPath, ...inQuery], ...requestBody, responses },
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Trunkline management API", version },
    components: { securitySchemes: { admin: { type: "http", scheme: "bearer" } } },
    security: [{ admin: [] }],
    paths,
  };
}

function describeBody(properties: Readonly<Record<string, object>>): object {
  const schema = { type: "object", properties, additionalProperties: false };
  return { required: true, content: { "application/json": { schema } } };
}
