import type { ErrorCodec, Frame, StreamDecoder } from "../canonical/dialect.ts";
import type { GatewayError } from "../canonical/errors.ts";
import type { Json } from "../canonical/json.ts";
import { isJsonObject } from "../canonical/json.ts";
import type { StreamPart } from "../canonical/stream-part.ts";
import { emptyUsage, tokenCount, type Usage } from "../canonical/usage.ts";
import { statusFailure } from "../domain/attempt/failure.ts";
import { writeMessage } from "../lib/eventstream/message.ts";

/**
 * Exceptions within a stream and the HTTP statuses that they have outside of one:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ResponseStream.html
 */
const STATUS: Readonly<Record<string, number>> = {
  validationException: 400,
  modelTimeoutException: 408,
  modelStreamErrorException: 424,
  throttlingException: 429,
  internalServerException: 500,
  serviceUnavailableException: 503,
};

const FAILED = 500;

/** The names that the statuses of our errors come nearest to; others are `internalServerException`. */
const NAME_OF_STATUS: Readonly<Record<number, string>> = {
  400: "validationException",
  408: "modelTimeoutException",
  413: "validationException",
  422: "validationException",
  429: "throttlingException",
  503: "serviceUnavailableException",
  504: "modelTimeoutException",
};

/** The message that ends a stream of chunks with an error. */
export function exceptionMessage(error: GatewayError): Uint8Array {
  const name = NAME_OF_STATUS[error.status] ?? "internalServerException";
  const headers = { ":exception-type": name, ":content-type": "application/json", ":message-type": "exception" };
  return writeMessage({ headers, payload: Buffer.from(JSON.stringify({ message: error.message })) });
}

/** A decoder that reads exceptions between chunks as errors; what stands within chunks is left to `decoder`. */
export function withExceptions(decoder: StreamDecoder, provider: string, errors: ErrorCodec): StreamDecoder {
  return new ExceptionDecoder(decoder, provider, errors);
}

class ExceptionDecoder implements StreamDecoder {
  private readonly decoder: StreamDecoder;
  private readonly provider: string;
  private readonly errors: ErrorCodec;
  private hasFailed = false;
  private hasUsage = false;

  constructor(decoder: StreamDecoder, provider: string, errors: ErrorCodec) {
    this.decoder = decoder;
    this.provider = provider;
    this.errors = errors;
  }

  push(frame: Frame, out: StreamPart[]): void {
    if (this.hasFailed) return;
    // Chunks have no name once they are unwrapped.
    if (frame.event === "") return this.chunk(frame, out);
    this.hasFailed = true;
    const body = parsed(frame.data);
    const fault = this.errors.decodeError(statusOf(frame.event, body), body);
    out.push({ type: "error", error: statusFailure(this.provider, { ...fault, type: frame.event }, null) });
  }

  finish(out: StreamPart[]): void {
    if (!this.hasFailed) this.decoder.finish(out);
  }

  /** The last chunk counts tokens in a field of the host's, for models that do not count in one of their own. */
  private chunk(frame: Frame, out: StreamPart[]): void {
    const from = out.length;
    this.decoder.push(frame, out);
    for (let at = from; at < out.length; at += 1) this.hasUsage ||= out[at]?.type === "usage";
    if (this.hasUsage || !frame.data.includes(METRICS)) return;
    const usage = metricsOf(frame.data);
    if (usage === null) return;
    this.hasUsage = true;
    const end = out.findIndex(({ type }, at) => at >= from && (type === "end" || type === "error"));
    out.splice(end < 0 ? out.length : end, 0, { type: "usage", usage });
  }
}

const METRICS = "amazon-bedrock-invocationMetrics";

function metricsOf(data: string): Usage | null {
  const body = parsed(data);
  const metrics = isJsonObject(body) ? body[METRICS] : undefined;
  if (!isJsonObject(metrics)) return null;
  const { inputTokenCount, outputTokenCount } = metrics;
  return { ...emptyUsage(), inputTokens: tokenCount(inputTokenCount), outputTokens: tokenCount(outputTokenCount) };
}

/** A model's own status says more than that it failed. */
function statusOf(name: string, body: Json): number {
  const original = isJsonObject(body) ? body["originalStatusCode"] : undefined;
  if (typeof original === "number" && original >= 400 && original <= 599) return original;
  return STATUS[name] ?? FAILED;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
