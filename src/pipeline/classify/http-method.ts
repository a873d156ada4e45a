import { isJsonObject, type Json } from "../../canonical/json.ts";
import type { ClassifierData } from "../../domain/classify/data.ts";
import { parseOrigin, renderHeaders, type HttpRequest } from "../../lib/http-client/index.ts";
import { Gatherer, type WholeAnswer } from "../upstream.ts";
import { ClassFailure, type Found, type Inquiry, type RemoteMethod } from "./class-method.ts";

const MOST_ANSWER_BYTES = 64 * 1024;
/** Characters; larger metadata is left out. */
const MOST_METADATA = 16 * 1024;

/** Asks an endpoint for the label: POST of `{classifier, labels, text, model, operation, metadata}`, answer `{label, score}`. */
export class HttpMethod implements RemoteMethod {
  private readonly data: ClassifierData;
  private readonly request: Omit<HttpRequest, "body">;

  /** Throws `TypeError` for an address or a header that cannot be sent. */
  constructor(data: ClassifierData) {
    const { url = "", headers = {} } = data.endpoint ?? {};
    const { pathname, search } = new URL(url);
    this.data = data;
    this.request = {
      origin: parseOrigin(url),
      method: "POST",
      path: pathname + search,
      headers: renderHeaders({
        "content-type": "application/json",
        accept: "application/json",
        "accept-encoding": "identity",
        "user-agent": "trunkline",
        ...headers,
      }),
      connectTimeoutMs: data.timeoutMs,
      firstByteTimeoutMs: data.timeoutMs,
      idleTimeoutMs: data.timeoutMs,
      maxBodyBytes: MOST_ANSWER_BYTES,
    };
  }

  async ask(inquiry: Inquiry): Promise<Found> {
    const { status, body } = await this.send(inquiry);
    if (status < 200 || status > 299) throw statusFailure(status);
    return { ...readAnswer(body.toString("utf8")), source: "call" };
  }

  private send({ context, text }: Inquiry): Promise<WholeAnswer> {
    const { name, labels, timeoutMs } = this.data;
    const { call, arrival } = context;
    const asked = { classifier: name, labels, text, model: call.model, operation: arrival.operation };
    const metadata = JSON.stringify(arrival.body.json["metadata"] ?? {});
    const head = JSON.stringify(asked).slice(0, -1);
    const body = metadata.length > MOST_METADATA ? `${head}}` : `${head},"metadata":${metadata}}`;
    return new Promise((resolve, reject) => {
      const failed = (reason: string): void => {
        clearTimeout(timer);
        reject(new ClassFailure("outage", reason));
      };
      const gatherer = new Gatherer({
        done: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        failed: ({ kind }) => failed(`the endpoint could not be asked: ${kind}`),
      });
      const exchange = context.runtime.client(null).send({ ...this.request, body }, gatherer);
      const timer = setTimeout(() => {
        failed(`no answer within ${timeoutMs} ms`);
        exchange.abort();
      }, timeoutMs);
    });
  }
}

function statusFailure(status: number): ClassFailure {
  const isOutage = status >= 500 || status === 429 || status === 401 || status === 403;
  return new ClassFailure(isOutage ? "outage" : "answered", `the endpoint answered with status ${status}`);
}

function readAnswer(text: string): { label: string; score: number } {
  const answer = parse(text);
  if (!isJsonObject(answer)) throw new ClassFailure("outage", "the endpoint's answer is no JSON object");
  const { label, score = 1 } = answer;
  if (typeof label !== "string") throw new ClassFailure("answered", "the endpoint's answer has no label");
  if (typeof score !== "number" || score < 0 || score > 1)
    throw new ClassFailure("answered", "the endpoint's score is not 0 to 1");
  return { label, score };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
