/** How a call can fail: an HTTP error before the answer, or a fault within it. */
export type FaultName = keyof typeof HTTP_FAULTS | "cut" | "stall" | "error_event";

/** An OpenAI error answer. https://platform.openai.com/docs/guides/error-codes */
export interface HttpFault {
  status: number;
  type: string;
  code: string | null;
  message: string;
  param?: string;
  headers?: Record<string, string>;
}

/** HTTP errors by their name in directives. */
export const HTTP_FAULTS = {
  "400": {
    status: 400,
    type: "invalid_request_error",
    code: "invalid_value",
    message: "The demo refuses this request, as asked.",
  },
  "401": {
    status: 401,
    type: "invalid_request_error",
    code: "invalid_api_key",
    message: "Incorrect API key provided: the demo says so.",
  },
  "403": {
    status: 403,
    type: "invalid_request_error",
    code: "unsupported_country_region_territory",
    message: "The demo is not allowed here.",
  },
  "404": {
    status: 404,
    type: "invalid_request_error",
    code: "model_not_found",
    message: "The demo pretends not to have this model.",
  },
  "429": {
    status: 429,
    type: "requests",
    code: "rate_limit_exceeded",
    message: "Rate limit reached for the demo. Please try again in 1s.",
    headers: { "retry-after": "1" },
  },
  "500": {
    status: 500,
    type: "server_error",
    code: null,
    message: "The demo had an error while processing your request.",
  },
  "502": { status: 502, type: "server_error", code: null, message: "The demo is behind a bad gateway." },
  "503": { status: 503, type: "server_error", code: null, message: "The demo is overloaded. Please try again later." },
} as const satisfies Record<string, HttpFault>;

const WITHIN = new Set(["cut", "stall", "error_event"]);

/** True when the text names a fault. */
export function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(HTTP_FAULTS, text) || WITHIN.has(text);
}

/** The HTTP error of that name; undefined for faults within an answer. */
export function httpFault(name: FaultName): HttpFault | undefined {
  return name === "cut" || name === "stall" || name === "error_event" ? undefined : HTTP_FAULTS[name];
}

/** A request that the real API would refuse too. */
export class RefusedRequest extends Error {
  readonly fault: HttpFault;

  constructor(message: string, param: string, fields: Partial<HttpFault> = {}) {
    super(message);
    this.fault = { status: 400, type: "invalid_request_error", code: null, message, param, ...fields };
  }
}

/** The body of an error answer. */
export function errorBody(fault: HttpFault): { error: Record<string, string | null> } {
  return { error: { message: fault.message, type: fault.type, param: fault.param ?? null, code: fault.code } };
}
