import { LEFT_OUT_REASONS, RULE_RESULTS } from "../../src/canonical/names.ts";
import { answerAdmin } from "../../src/admin/router.ts";
import { hashAdminToken } from "../../src/admin/guard.ts";
import { matchEndpoint } from "../../src/ingress/http/endpoints/match.ts";
import { PRIORITIES } from "../../src/canonical/priority.ts";
import packageJson from "../../package.json" with { type: "json" };
import { code, page, table } from "./table.ts";

/** Paths as vendors' SDKs call them; what answers is looked up. */
const INFERENCE: readonly (readonly [method: string, path: string, about: string])[] = [
  ["POST", "/v1/chat/completions", "OpenAI chat completions, streamed or not"],
  ["POST", "/v1/completions", "OpenAI's legacy completions, streamed or not"],
  ["POST", "/v1/fim/completions", "Mistral's fill-in-the-middle, streamed or not"],
  ["POST", "/v1/responses", "OpenAI Responses, streamed or not"],
  ["POST", "/v1/responses/input_tokens", "OpenAI's count of input tokens"],
  ["GET", "/v1/responses", "OpenAI Responses: each `response.create` is a request"],
  ["GET", "/v1/realtime", "OpenAI Realtime; also at `/openai/realtime`, as Azure has it with `deployment`"],
  ["POST", "/v1/realtime/client_secrets", "short-lived credentials for sessions"],
  ["POST", "/v1/realtime/sessions", "the same in the form of the beta"],
  [
    "GET",
    "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
    "Gemini Live; also `v1alpha`, and below `/genai`",
  ],
  ["GET", "/v1/responses/{id}", "a response that was kept; `DELETE` forgets it"],
  ["POST", "/v1/responses/{id}/cancel", "ends a response in the background"],
  ["GET", "/v1/responses/{id}/input_items", "what led to a response"],
  ["POST", "/v1/responses/compact", "a conversation in short, by providers that have it"],
  ["POST", "/v1/conversations", "a conversation at a provider that has them"],
  ["GET", "/v1/conversations/{id}", "a conversation; `POST` changes it, `DELETE` deletes it"],
  ["GET", "/v1/conversations/{id}/items", "its items; `POST` adds some"],
  ["GET", "/v1/conversations/{id}/items/{item_id}", "one of them; `DELETE` takes it out"],
  ["POST", "/v1/files", "OpenAI's files: upload; `GET` lists them"],
  ["GET", "/v1/files/{id}", "a file; `DELETE` deletes it"],
  ["GET", "/v1/files/{id}/content", "its bytes"],
  ["POST", "/v1/batches", "OpenAI's batches: begins one; `GET` lists them"],
  ["GET", "/v1/batches/{id}", "how a batch stands"],
  ["POST", "/v1/batches/{id}/cancel", "ends a batch"],
  ["POST", "/v1/messages/batches", "Anthropic's batches: begins one; `GET` lists them"],
  ["GET", "/v1/messages/batches/{id}", "how a batch stands; `DELETE` forgets it"],
  ["GET", "/v1/messages/batches/{id}/results", "its results, a line each"],
  ["POST", "/v1/messages/batches/{id}/cancel", "ends a batch"],
  [
    "POST",
    "/v1/async/chat/completions",
    "answers by a job, as with the header `x-trunkline-async: true`; so do all operations",
  ],
  ["GET", "/v1/async/{id}", "how a job stands, with its answer; `DELETE` forgets it"],
  ["GET", "/v1/async/{id}/content", "its answer as it was"],
  ["GET", "/v1/generation", "what is known of an answer (`?id=`), in OpenRouter's form"],
  ["POST", "/v1/embeddings", "OpenAI embeddings"],
  ["POST", "/v1/feedback", "what the caller thinks of an answer, see [experiments](../guides/experiments.md#feedback)"],
  ["POST", "/v1/images/generations", "OpenAI images from a text, streamed or not"],
  ["POST", "/v1/images/edits", "OpenAI images from others, as a form or JSON"],
  ["POST", "/v1/images/variations", "OpenAI images that are like another"],
  ["POST", "/v1/audio/speech", "OpenAI speech: audio as it is made, or events"],
  ["POST", "/v1/audio/transcriptions", "OpenAI transcripts of speech, streamed or not"],
  ["POST", "/v1/audio/translations", "OpenAI translations of speech into English"],
  ["POST", "/v1/ocr", "Mistral's reading of documents"],
  ["POST", "/v1/videos", "OpenAI videos: begins a job"],
  ["GET", "/v1/videos/{id}", "how the job of a video stands"],
  ["GET", "/v1/videos/{id}/content", "the video, or where it is (302)"],
  ["POST", "/v1/videos/{id}/remix", "a new version of a video"],
  ["DELETE", "/v1/videos/{id}", "deletes a video at its provider"],
  ["POST", "/v1/moderations", "OpenAI moderations"],
  ["POST", "/v1/chat/moderations", "moderations of conversations, as Mistral has them"],
  ["POST", "/v1/rerank", "rerank as Jina, Voyage, Together and vLLM have it"],
  ["POST", "/v1/messages", "Anthropic Messages, streamed or not"],
  ["POST", "/v1/messages/count_tokens", "Anthropic's count of input tokens"],
  ["POST", "/v2/chat", "Cohere chat, streamed or not"],
  ["POST", "/v2/embed", "Cohere embed"],
  ["POST", "/v2/rerank", "Cohere rerank"],
  ["POST", "/cohere/v1/embed", "the same in the first version of Cohere's API"],
  ["POST", "/cohere/v1/rerank", "the same in the first version of Cohere's API"],
  [
    "POST",
    "/v3/ai/language-model",
    "the AI SDK's own gateway protocol, streamed or not; also below `/v1/ai` to `/v4/ai`",
  ],
  ["POST", "/v3/ai/embedding-model", "its embeddings"],
  ["POST", "/v3/ai/image-model", "its images, from a text or from others"],
  ["POST", "/v3/ai/speech-model", "its speech"],
  ["POST", "/v3/ai/transcription-model", "its transcripts"],
  ["POST", "/v3/ai/reranking-model", "its rerank"],
  ["POST", "/v1beta/models/{model}:generateContent", "Gemini"],
  [
    "POST",
    "/v1beta/models/{model}:streamGenerateContent",
    "Gemini, streamed: server-sent events with `?alt=sse`, else one JSON array",
  ],
  ["POST", "/v1beta/models/{model}:countTokens", "Gemini's count of input tokens"],
  ["POST", "/v1beta/models/{model}:embedContent", "Gemini embeddings"],
  ["POST", "/v1beta/models/{model}:batchEmbedContents", "Gemini embeddings of several contents"],
  ["POST", "/model/{modelId}/converse", "Amazon Bedrock's Converse; the model id percent-encoded"],
  ["POST", "/model/{modelId}/converse-stream", "the same streamed, as an AWS event stream"],
  ["POST", "/model/{modelId}/count-tokens", "Bedrock's count of input tokens, of a Converse request"],
  ["POST", "/ollama/api/chat", "Ollama, streamed unless it says `stream: false`: a line of JSON each"],
  ["POST", "/ollama/api/generate", "the same for one prompt, with text to fill in (`suffix`)"],
  ["POST", "/ollama/api/embed", "Ollama's embeddings"],
  ["POST", "/ollama/api/embeddings", "the same for one prompt, as Ollama had it before"],
  ["POST", "/openai/deployments/{model}/chat/completions", "Azure OpenAI; so are all of OpenAI's operations"],
  [
    "POST",
    "/v1beta1/projects/{project}/locations/{location}/publishers/google/models/{model}:generateContent",
    "Gemini at Vertex AI; also below `/v1`, also without project and location, and so are Gemini's other methods",
  ],
  [
    "POST",
    "/v1beta1/projects/{project}/locations/{location}/publishers/google/models/{model}:predict",
    "embeddings at Vertex AI",
  ],
  [
    "GET",
    "/v1/models",
    "models that the caller may use, in OpenAI's shape; in Anthropic's, with its pages, when the request has `anthropic-version`",
  ],
  ["GET", "/v1/models/{id}", "one of them"],
  ["GET", "/v1beta/models", "the same in Gemini's shape, with its pages"],
  ["GET", "/cohere/v1/models", "the same in Cohere's shape, with its pages"],
  ["GET", "/ollama/api/tags", "the same in Ollama's shape"],
  ["POST", "/ollama/api/show", "one of them, with what the catalog knows of it"],
  ["GET", "/ollama/api/version", "the version of Ollama whose API this is"],
];

const PREFIXES: readonly (readonly [prefix: string, like: string, sdk: string])[] = [
  ["/openai", "/openai/chat/completions", "OpenAI"],
  ["/openai/v1", "/openai/v1/chat/completions", "OpenAI"],
  ["/anthropic", "/anthropic/v1/messages", "Anthropic"],
  ["/bedrock", "/bedrock/model/{modelId}/converse", "AWS, for Bedrock Runtime"],
  ["/cohere", "/cohere/v2/chat", "Cohere"],
  ["/genai", "/genai/v1beta/models/{model}:generateContent", "Google Gen AI"],
  ["/ollama", "/ollama/api/chat", "Ollama"],
  ["/ollama/v1", "/ollama/v1/chat/completions", "OpenAI, as Ollama itself answers it"],
  ["/langchain", "/langchain/v1/chat/completions", "LangChain, for all of its vendors' classes"],
  ["/litellm", "/litellm/v1/chat/completions", "LiteLLM's client, likewise"],
  ["/pydanticai", "/pydanticai/v1/chat/completions", "Pydantic AI, likewise"],
  [
    "/openrouter",
    "/openrouter/api/v1/chat/completions",
    "OpenRouter, also `/openrouter/v1` and `/openrouter/api/v1`; OpenAI's and Anthropic's operations, models in OpenRouter's shape",
  ],
];

const PLATFORM = [
  ["GET /healthz", "200 while the process lives", "none"],
  ["GET /readyz", "200 while it takes traffic, 503 from the moment it drains", "none"],
  ["GET /metrics", "[metrics](metrics.md) in the Prometheus text format", "none"],
  ["GET /", "a page that says what runs here", "none"],
] as const;

const REQUEST_HEADERS: readonly (readonly [name: string, value: string, about: string])[] = [
  ["x-trunkline-key", "a virtual key", "who calls, where `Authorization` is in use for something else"],
  [
    "x-trunkline-timeout-ms",
    "1 to 86,400,000",
    "the request's [deadline](../guides/routing.md#deadlines), if it is sooner than `server.request_timeout_ms`",
  ],
  [
    "x-trunkline-priority",
    PRIORITIES.map(code).join(", "),
    "who goes first [where there is no room](../guides/operations.md#load-and-limits); it lowers that of the virtual key and never raises it; other values are warned about",
  ],
  [
    "x-trunkline-session",
    "up to 512 characters",
    "the [session](../guides/routing.md#sticky-sessions) of the request; other names for it stand there",
  ],
  [
    "x-trunkline-strict",
    "`true`, `false`",
    "a request of which something would be lost is refused with 400 in place of a [warning](errors.md#warnings)",
  ],
  ["x-trunkline-explain", "`true`, `false`", "the answer says [why it came from where it came](#explanations)"],
  [
    "x-trunkline-async",
    "`true`",
    "202 with a job, whose answer is [fetched later](../guides/batches.md#answers-that-are-fetched-later)",
  ],
  [
    "x-trunkline-provider",
    "name of a provider, `trunkline`",
    "where new files and [batches](../guides/batches.md) are kept and run, `trunkline`: here; the provider of a new conversation",
  ],
];

const REQUEST_HEADERS_LEAD =
  "Other values of `x-trunkline-timeout-ms`, `x-trunkline-strict` and `x-trunkline-explain` are refused with 400. Headers of other gateways are read too: [what is honoured](../guides/migrating.md#what-is-honoured).";

const RESPONSE_HEADERS = [
  [
    "x-trunkline-request-id",
    "id of the request's record; also where the SDK of the client's dialect looks for it: `x-request-id`, `request-id`, `x-amzn-requestid`",
  ],
  ["x-trunkline-provider", "provider that answered"],
  ["x-trunkline-model", "model that answered"],
  ["x-trunkline-key", "name of the provider key that was used"],
  ["x-trunkline-attempts", "upstream calls made"],
  ["x-trunkline-cost", "US dollars; absent on streams, whose cost is known at their end, and when unknown"],
  [
    "x-trunkline-route",
    "how the target was chosen: `step=result` pairs, see [why did it go there](../guides/routing.md#why-did-it-go-there); absent where the request named its target and nothing else happened",
  ],
  ["x-trunkline-warnings", "what could not be carried over: `code field` pairs, see [warnings](errors.md#warnings)"],
  ["retry-after", "seconds, when a limit refused or the process is not able to serve"],
] as const;

/** The reference page of the HTTP API. */
export async function apiPage(): Promise<string> {
  const inference = INFERENCE.map(([method, path, about]) => [
    code(`${method} ${path}`),
    about,
    answererOf(method, path),
  ]);
  const prefixes = PREFIXES.map(([prefix, like, sdk]) => [code(prefix), sdk, answererOf("POST", like)]);
  return page(
    "HTTP API",
    "## Inference\n\nBodies are those of the vendors; `model` may be `provider/model`, a bare model or an alias.",
    table(["request", "what", "operation, dialect"], inference),
    "Drop-in prefixes, for SDKs of which only the base URL changes:",
    table(["prefix", "SDK", "operation, dialect"], prefixes),
    "`/passthrough/{provider}/…` takes any method and path of a provider, see [passthrough](../guides/passthrough.md).",
    "The virtual key stands in `Authorization: Bearer`, `x-api-key`, `x-goog-api-key`, `api-key` or `x-trunkline-key`; for Gemini also in the query as `key`, and for AWS's SDKs as the access key id of their signature. A body field `fallbacks` with a list of model strings replaces the configured fallbacks of that one request.",
    "## Request headers",
    REQUEST_HEADERS_LEAD,
    table(
      ["header", "value", "effect"],
      REQUEST_HEADERS.map(([name, ...rest]) => [code(name), ...rest]),
    ),
    `## Response headers\n\n${table(
      ["header", "value"],
      RESPONSE_HEADERS.map(([name, value]) => [code(name), value]),
    )}`,
    `## Explanations\n\nWith the request header \`x-trunkline-explain: true\` an answer says why it came from where it came: objects of JSON, errors among them, have a field \`trunkline\` with \`request_id\` and \`route\` behind their own fields, server-sent events a comment \`: trunkline-route {…}\` with the same before their end. Other answers have no room for it and get a warning, and so do streams of Gemini. [The guide](../guides/routing.md#why-did-it-go-there) shows what stands in \`route\`. Why a target was left out or went last is one of these:`,
    table(
      ["code", "in words"],
      Object.entries(LEFT_OUT_REASONS).map(([name, text]) => [code(name), text]),
    ),
    `And what came of a rule one of: ${RULE_RESULTS.map(code).join(", ")}.`,
    `## Platform\n\n${table(
      ["request", "what", "credential"],
      PLATFORM.map(([request, ...rest]) => [code(request), ...rest]),
    )}`,
    `## Management\n\nWith the admin token as \`Authorization: Bearer TOKEN\`. Unknown query parameters are refused with 400. \`GET /api/openapi.json\` describes it as OpenAPI 3.1.`,
    table(["request", "what", "query"], await managementRows()),
  );
}

function answererOf(method: string, path: string): string {
  const match = matchEndpoint(method, path, { headers: new Headers() });
  if (match.status !== "found") throw new Error(`${method} ${path} has no endpoint`);
  const { endpoint } = match;
  if (endpoint.type === "client_secret") return "credentials of sessions";
  if (endpoint.type === "socket") return `${code(endpoint.protocol)} over WebSocket, ${code(endpoint.dialect)}`;
  if (endpoint.type === "constant") return code("constant");
  const operation = endpoint.type === "inference" ? endpoint.operation : "models";
  return `${code(operation)}, ${code(endpoint.dialect)}`;
}

interface Described {
  paths: Record<string, Record<string, { summary: string; parameters: { name: string; in: string }[] }>>;
}

async function managementRows(): Promise<string[][]> {
  const { paths } = await describe();
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary, parameters }]) => {
      const query = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => code(name));
      return [code(`${method.toUpperCase()} ${path}`), summary, query.join(", ")];
    }),
  );
}

/** The description that the gateway itself gives. */
async function describe(): Promise<Described> {
  const token = "sk-tl-admin-reference";
  const request = new Request("http://gateway/api/openapi.json", { headers: { authorization: `Bearer ${token}` } });
  const store = {
    list: () => ({ records: [], next: null }),
    get: () => null,
    feedbackOf: () => [],
    experimentNames: () => [],
    armCounts: () => ({ arms: new Map(), since: 0 }),
    armFigures: () => ({ arms: [], since: 0 }),
    stops: () => [],
  };
  const answer = await answerAdmin(request, {
    store,
    tokenHashes: () => [hashAdminToken(token)],
    metrics: () => "",
    models: () => [],
    refreshCatalog: () => Promise.resolve(null),
    experiments: () => [],
    giveFeedback: () => Promise.reject(new Error("nothing is kept here")),
    simulate: () => Promise.resolve({}),
    version: packageJson.version,
  });
  return (await answer.json()) as Described;
}
