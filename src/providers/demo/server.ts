import type { Json } from "../../canonical/json.ts";
import { answer } from "./answer.ts";
import { embeddings } from "./embeddings.ts";
import { errorBody, httpFault, RefusedRequest, type FaultName, type HttpFault } from "./faults.ts";
import { DEMO_EMBEDDER, DEMO_MODELS, type DemoModel } from "./models.ts";
import { readRequest } from "./request.ts";

/** When the simulated models were made, as `created` says. */
const CREATED = 1_767_225_600;
const IDS = [...DEMO_MODELS.map(({ id }) => id), DEMO_EMBEDDER];

/** The simulated provider. `url` is its base URL, with the version path. */
export interface DemoServer {
  url: string;
  stop(): void;
}

/**
 * Serves the demo models in the form of the OpenAI API (chat completions, embeddings, and the list of models) on a free loopback port.
 * Only this machine can reach it; it takes no credential.
 */
export function startDemoServer(): DemoServer {
  const calls = new Map<string, number>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    idleTimeout: 0,
    routes: {
      "/v1/chat/completions": { POST: (request) => complete(request, calls) },
      "/v1/embeddings": { POST: embed },
      "/v1/models": { GET: () => Response.json({ object: "list", data: IDS.map(describeModel) }) },
      "/v1/models/:id": { GET: (request) => showModel(request.params.id) },
    },
    fetch: (request) =>
      refuse(notFound(`Unknown request URL: ${request.method} ${new URL(request.url).pathname}.`, "unknown_url")),
    error: () => refuse({ status: 500, type: "server_error", code: null, message: "The demo failed." }),
  });
  server.unref();
  return { url: `http://127.0.0.1:${server.port}/v1`, stop: () => void server.stop(true) };
}

async function complete(request: Request, calls: Map<string, number>): Promise<Response> {
  try {
    const body = await readBody(request);
    const read = readRequest(body, request.headers.get("x-demo"));
    const name = read.directives.fail ?? dueFault(read.model, calls);
    const fault = name === undefined ? undefined : httpFault(name);
    if (fault === undefined) return await answer(read, name);
    await Bun.sleep(read.directives.latencyMs ?? 0);
    return refuse(fault);
  } catch (error) {
    if (error instanceof RefusedRequest) return refuse(error.fault);
    throw error;
  }
}

async function embed(request: Request): Promise<Response> {
  try {
    return Response.json(embeddings(await readBody(request)));
  } catch (error) {
    if (error instanceof RefusedRequest) return refuse(error.fault);
    throw error;
  }
}

async function readBody(request: Request): Promise<Json> {
  try {
    return (await request.json()) as Json;
  } catch {
    throw new RefusedRequest("We could not parse the JSON body of your request.", "");
  }
}

/** The model's own fault, when this call is the one that fails. */
function dueFault(model: DemoModel, calls: Map<string, number>): FaultName | undefined {
  if (model.fault === undefined) return undefined;
  const count = (calls.get(model.id) ?? 0) + 1;
  calls.set(model.id, count);
  return count % model.fault.everyCall === 0 ? model.fault.name : undefined;
}

function showModel(id: string): Response {
  return IDS.includes(id)
    ? Response.json(describeModel(id))
    : refuse(notFound(`The model '${id.slice(0, 200)}' does not exist.`, "model_not_found"));
}

function describeModel(id: string): Json {
  return { id, object: "model", created: CREATED, owned_by: "demo" };
}

function notFound(message: string, code: string): HttpFault {
  return { status: 404, type: "invalid_request_error", code, message };
}

function refuse(fault: HttpFault): Response {
  return Response.json(errorBody(fault), { status: fault.status, ...(fault.headers && { headers: fault.headers }) });
}
