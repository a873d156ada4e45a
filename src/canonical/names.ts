/** The closed lists of names that code, config, API, docs and UI share. */

/** Wire formats of chat that a client or an upstream can speak. */
export const CHAT_DIALECTS = [
  "ai-gateway",
  "anthropic-messages",
  "bedrock-converse",
  "bedrock-text",
  "cohere",
  "gemini",
  "ollama",
  "openai-chat",
  "openai-completions",
  "openai-responses",
] as const;

export type ChatDialect = (typeof CHAT_DIALECTS)[number];

/**
 * Wire formats that a client or an upstream can speak. Beside those of chat: `openai` for OpenAI's other APIs (embeddings,
 * moderations, images, audio, …), `jina` for rerank as most hosts have it, `cohere-v1` for the first version of Cohere's API,
 * `vertex` for those of Vertex AI.
 */
export type DialectName =
  | ChatDialect
  | "assemblyai"
  | "cohere-v1"
  | "deepgram"
  | "elevenlabs"
  | "jina"
  | "mistral"
  | "openai"
  | "runway"
  | "stability"
  | "vertex";

/** What may be asked about a job that another request has begun. */
export const JOB_OPERATIONS = ["video_content", "video_delete", "video_status"] as const;

export type JobOperation = (typeof JOB_OPERATIONS)[number];

/** Operations of one request and one answer beside chat, each with a canonical form in `canonical/tasks`; `translation` is of speech. */
export const TASK_OPERATIONS = [
  "embeddings",
  "image",
  "image_edit",
  "image_variation",
  "moderation",
  "ocr",
  "rerank",
  "speech",
  "transcription",
  "translation",
  "video",
  ...JOB_OPERATIONS,
] as const;

export type TaskOperation = (typeof TASK_OPERATIONS)[number];

const TASKS: ReadonlySet<string> = new Set(TASK_OPERATIONS);
const JOBS: ReadonlySet<string> = new Set(JOB_OPERATIONS);

/** What callers ask about things that outlive a request: kept answers, files, batches, jobs, records. */
export const SERVICE_OPERATIONS = [
  "async_job",
  "batch",
  "file",
  "generation",
  "message_batch",
  "stored_response",
] as const;

export type ServiceOperation = (typeof SERVICE_OPERATIONS)[number];

const SERVICES: ReadonlySet<string> = new Set(SERVICE_OPERATIONS);

/** True for an operation on something that outlives a request. */
export function isService(operation: Operation): operation is ServiceOperation {
  return SERVICES.has(operation);
}

/** True for an operation beside chat. */
export function isTask(operation: Operation): operation is TaskOperation {
  return TASKS.has(operation);
}

/** True for an operation on a job that another request has begun. */
export function isJobOperation(operation: Operation): operation is JobOperation {
  return JOBS.has(operation);
}

/** What a request asks for. */
export type Operation =
  | "chat"
  | "responses"
  | "count_tokens"
  | "models"
  | "passthrough"
  | "realtime"
  | TaskOperation
  | ServiceOperation;

/** How a request ended; the same in records, metrics and logs. */
export const OUTCOMES = [
  "success",
  "invalid_request",
  "unauthenticated",
  "forbidden",
  "budget_exceeded",
  "rate_limited",
  "not_found",
  "upstream_rejected",
  "upstream_failed",
  "upstream_truncated",
  "upstream_stalled",
  "provider_protocol_error",
  "deadline_exceeded",
  "client_aborted",
  "overloaded",
  "drained",
  "internal_error",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How a request chooses among the targets of an alias or rule. */
export const POLICY_NAMES = [
  "weighted",
  "round_robin",
  "least_busy",
  "lowest_latency",
  "cheapest",
  "highest_throughput",
  "lowest_usage",
  "priority",
  "consistent_hash",
  "adaptive",
] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

/** Why a target was not called, or only behind the others: the closed list of codes, each with the same in words. */
export const LEFT_OUT_REASONS = {
  not_configured: "provider not configured",
  no_provider: "no provider has it",
  provider_not_allowed: "provider not allowed for this virtual key",
  model_not_allowed: "model not allowed for this virtual key",
  not_among_allowed: "not among the providers that the request allows",
  ruled_out_by_request: "a provider that the request rules out",
  fallbacks_off: "the request wants no fallbacks",
  price_unknown: "its price is unknown, and the request has a highest price",
  input_price_too_high: "above the request's highest price of input",
  output_price_too_high: "above the request's highest price of output",
  condition_false: "its condition does not hold",
  no_key: "no key for this model",
  breaker_open: "its breaker is open",
  keys_resting: "all its keys rest",
  limits_exhausted: "its limits are used up",
  unsupported_operation: "its API has no such operation",
  cannot_take_request: "it cannot take this request",
  replaced: "put aside by a later step",
} as const;
export type LeftOutReason = keyof typeof LEFT_OUT_REASONS;

/** True for a code of `LEFT_OUT_REASONS`. */
export function isLeftOutReason(code: string): code is LeftOutReason {
  return Object.hasOwn(LEFT_OUT_REASONS, code);
}

/** What came of looking at a rule. `would_match`: it only shows what it would do. `chain_loop`: a chain came back to it. */
export const RULE_RESULTS = ["matched", "no_match", "error", "would_match", "not_active", "chain_loop"] as const;
export type RuleResult = (typeof RULE_RESULTS)[number];

/** What named a target: a rule, an alias, the model string itself, the request's extensions, a fallback chain, or a job that runs there. */
export const CANDIDATE_SOURCES = ["rule", "alias", "model", "request", "fallback", "job"] as const;
export type CandidateSource = (typeof CANDIDATE_SOURCES)[number];
