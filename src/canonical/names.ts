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
 * `vertex` for those of Vertex AI. `replicate` has chat too, with providers alone.
 */
export type DialectName =
  | ChatDialect
  | "assemblyai"
  | "bfl"
  | "cohere-v1"
  | "deepgram"
  | "elevenlabs"
  | "fal"
  | "jina"
  | "mistral"
  | "openai"
  | "replicate"
  | "runway"
  | "stability"
  | "tei"
  | "vertex";

/** Wire formats in which a provider of one's own may have operations beside chat. */
export const TASK_DIALECTS = [
  "assemblyai",
  "bfl",
  "cohere",
  "deepgram",
  "elevenlabs",
  "fal",
  "gemini",
  "jina",
  "mistral",
  "ollama",
  "openai",
  "replicate",
  "runway",
  "stability",
  "tei",
] as const satisfies readonly DialectName[];

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

/** Those that do not ask about something that another request has begun. */
export const FIRST_OPERATIONS: readonly TaskOperation[] = TASK_OPERATIONS.filter(
  (operation) => !JOB_OPERATIONS.some((job) => job === operation),
);

const TASKS: ReadonlySet<string> = new Set(TASK_OPERATIONS);
const JOBS: ReadonlySet<string> = new Set(JOB_OPERATIONS);

/** What callers ask about things that outlive a request: kept answers, files, batches, jobs, records, feedback on them. */
const SERVICE_OPERATIONS = [
  "async_job",
  "batch",
  "conversation",
  "feedback",
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

/** What a request may ask for. */
export const OPERATIONS = [
  "chat",
  "responses",
  "count_tokens",
  "models",
  "passthrough",
  "realtime",
  ...TASK_OPERATIONS,
  ...SERVICE_OPERATIONS,
] as const;

export type Operation = (typeof OPERATIONS)[number];

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

/** Whether turns of a session stay where they were served: `auto` where a prompt cache is known or wished for. */
export const STICKY_MODES = ["auto", "on", "off"] as const;
export type StickyMode = (typeof STICKY_MODES)[number];

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
  limits_exhausted: "its limits for this virtual key are used up",
  budget_too_small: "its budget for this virtual key does not hold the whole answer",
  no_room: "no room",
  unsupported_operation: "its API has no such operation",
  cannot_take_request: "it cannot take this request",
  replaced: "put aside by a later step",
} as const;
export type LeftOutReason = keyof typeof LEFT_OUT_REASONS;

/** True for a code of `LEFT_OUT_REASONS`. */
export function isLeftOutReason(code: string): code is LeftOutReason {
  return Object.hasOwn(LEFT_OUT_REASONS, code);
}

/**
 * What came of looking at a rule. `error_refused`: it could not be evaluated, and refuses then. `would_match`: it only shows what
 * it would do. `chain_loop`, `chain_too_deep`: a chain came back to it, or was too long for it.
 */
export const RULE_RESULTS = [
  "matched",
  "no_match",
  "error",
  "error_refused",
  "would_match",
  "not_active",
  "chain_loop",
  "chain_too_deep",
] as const;
export type RuleResult = (typeof RULE_RESULTS)[number];

/**
 * What named a target: a rule, an experiment, an alias, the model string itself, the request's extensions, a fallback chain, or a
 * job that runs there.
 */
export type CandidateSource = "rule" | "experiment" | "alias" | "model" | "request" | "fallback" | "job";
