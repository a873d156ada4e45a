import type { BodyQuirks, UsageHeaders, Wire } from "../../canonical/provider.ts";

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html */
const WHOLE = "/model/{model}/invoke";
/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html */
const STREAM = "/model/{model}/invoke-with-response-stream";

/** What whole answers count where their bodies do not. */
const USAGE: UsageHeaders = {
  input: "x-amzn-bedrock-input-token-count",
  output: "x-amzn-bedrock-output-token-count",
};

/** What every call of a model has: the path names model and stream, and streams come in chunks. */
const INVOKE = {
  paths: { whole: WHOLE, stream: STREAM },
  framing: "eventstream-chunks",
  modelInPath: true,
  usageHeaders: USAGE,
} as const;

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html */
const ANTHROPIC: BodyQuirks = {
  omit: ["stream"],
  set: { anthropic_version: "bedrock-2023-05-31" },
  fromHeaders: { "anthropic-beta": "anthropic_beta" },
};

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html */
const TEXT_MODELS = ["*titan-text*", "*titan-tg1*", "*meta.llama*", "*mistral.*", "*cohere.command*"];

/**
 * Bodies as of OpenAI's chat completions: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html
 * and https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-jamba.html
 */
const OPENAI_MODELS = ["*openai.gpt-oss*", "*ai21.jamba*"];

/** Rankings, whose answers count nothing: they are billed by the query, so that the estimate is what they cost. */
const RANK = {
  paths: { whole: WHOLE },
  modelInPath: true,
  dialect: "cohere",
  operations: ["rerank"],
} as const;

/**
 * Calls of models by their own bodies. They relay the clients of those bodies byte for byte, and embed; chat of other
 * dialects is better translated to Converse. Model ids may have a region before them, or be ARNs.
 */
export const INVOKE_WIRES: readonly Wire[] = [
  { ...INVOKE, dialect: "anthropic-messages", operations: ["chat"], models: ["*anthropic.*"], body: ANTHROPIC },
  { ...INVOKE, dialect: "bedrock-text", operations: ["chat"], models: TEXT_MODELS },
  { ...INVOKE, dialect: "bedrock-text", operations: ["embeddings"], models: ["*titan-embed*", "*cohere.embed*"] },
  {
    ...INVOKE,
    dialect: "openai-chat",
    operations: ["chat"],
    models: OPENAI_MODELS,
    body: { omit: ["stream", "stream_options"] },
    flags: { noStreamOptions: true },
  },
  // https://docs.cohere.com/v1/docs/cohere-on-aws/amazon-bedrock#rerank
  { ...RANK, models: ["*cohere.rerank*"], body: { set: { api_version: 2 } } },
  // The same fields: https://docs.aws.amazon.com/bedrock/latest/userguide/rerank.html
  { ...RANK, models: ["*amazon.rerank*"], body: { remove: ["max_tokens_per_doc"] } },
];

/** Request headers of InvokeModel that clients may set themselves. */
export const INVOKE_HEADERS: readonly string[] = [
  "anthropic-beta",
  "x-amzn-bedrock-guardrailidentifier",
  "x-amzn-bedrock-guardrailversion",
  "x-amzn-bedrock-performanceconfig-latency",
  "x-amzn-bedrock-service-tier",
  "x-amzn-bedrock-trace",
];
