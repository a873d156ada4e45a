import type { ChatDialect } from "../../../src/canonical/names.ts";
import { jsonAnswer } from "../../mock-upstream/answers.ts";
import type { Step } from "../../mock-upstream/server.ts";

export type FaultStatus = 400 | 429 | 500;

interface Fault {
  message: string;
  /** In the body of the vendor. */
  body: (message: string) => object;
}

const openai =
  (type: string, code: string | null, param: string | null = null): Fault["body"] =>
  (message) => ({
    error: { message, type, param, code },
  });
const anthropic =
  (type: string): Fault["body"] =>
  (message) => ({ type: "error", error: { type, message }, request_id: "req_011CS" });
const google =
  (code: number, status: string, details: object[] = []): Fault["body"] =>
  (message) => ({
    error: { code, message, status, details },
  });

const aws =
  (type: string): Fault["body"] =>
  (message) => ({ message, __type: type });

/** The kind of an error stands in a header. */
const awsMessage = (message: string): object => ({ message });

const cohere: Fault["body"] = (message) => ({ id: "0c2f1b7e-1d5f-4a53-9a4e-1f6b4f2d9f10", message });

const OPENAI: Record<FaultStatus, Fault> = {
  400: {
    message: "Invalid value: 'tool'.",
    body: openai("invalid_request_error", "invalid_value", "messages[0].role"),
  },
  429: {
    message: "Rate limit reached for gpt-4o on requests per min.",
    body: openai("requests", "rate_limit_exceeded"),
  },
  500: { message: "The server had an error while processing your request.", body: openai("server_error", null) },
};

const ollama: Fault["body"] = (error) => ({ error });

const RETRY_INFO = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "7s" };

/** Errors as the vendors of the dialects write them. */
export const FAULTS: Readonly<Record<ChatDialect, Record<FaultStatus, Fault>>> = {
  "ai-gateway": {
    400: { message: "Invalid input: prompt", body: openai("invalid_request_error", null) },
    429: { message: "Rate limit exceeded", body: openai("rate_limit_exceeded", null) },
    500: { message: "Internal server error", body: openai("internal_server_error", null) },
  },
  "openai-chat": OPENAI,
  "openai-completions": OPENAI,
  "openai-responses": OPENAI,
  ollama: {
    400: { message: "top_logprobs must be between 0 and 20", body: ollama },
    429: { message: "you have reached your hourly usage limit", body: ollama },
    500: { message: "the model failed to generate a response", body: ollama },
  },
  "anthropic-messages": {
    400: {
      message: "messages.0.role: Input should be 'user' or 'assistant'",
      body: anthropic("invalid_request_error"),
    },
    429: { message: "This request would exceed your organization's rate limit.", body: anthropic("rate_limit_error") },
    500: { message: "Internal server error", body: anthropic("api_error") },
  },
  "bedrock-converse": {
    400: { message: "A conversation must start with a user message.", body: awsMessage },
    429: { message: "Too many requests, please wait before trying again.", body: awsMessage },
    500: { message: "The system encountered an unexpected error during processing.", body: awsMessage },
  },
  "bedrock-text": {
    400: { message: "Malformed input request: 2 schema violations found.", body: aws("ValidationException") },
    429: { message: "Too many requests, please wait before trying again.", body: aws("ThrottlingException") },
    500: { message: "The system encountered an unexpected error.", body: aws("InternalServerException") },
  },
  cohere: {
    400: { message: "invalid request: list of documents must not be empty", body: cohere },
    429: { message: "You are using a Trial key, which is limited to 40 API calls / minute.", body: cohere },
    500: { message: "internal server error, this has been reported to our developers.", body: cohere },
  },
  gemini: {
    400: { message: "Please use a valid role: user, model.", body: google(400, "INVALID_ARGUMENT") },
    429: { message: "You exceeded your current quota.", body: google(429, "RESOURCE_EXHAUSTED", [RETRY_INFO]) },
    500: { message: "An internal error has occurred.", body: google(500, "INTERNAL") },
  },
};

/** The answer that carries such an error; all vendors but Google say in a header when to come back. */
export function faultSteps(dialect: ChatDialect, status: FaultStatus): Step[] {
  const { message, body } = FAULTS[dialect][status];
  const headers: Record<string, string> = status === 429 && dialect !== "gemini" ? { "retry-after": "7" } : {};
  return jsonAnswer(body(message), status, headers);
}
