import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import { timeOrderedId } from "../../lib/ids.ts";
import { SseParser, type SseEvent } from "../../lib/sse.ts";
import type { Reply, RequestContext } from "../../pipeline/context.ts";
import type { SessionSocket } from "../../pipeline/realtime/session.ts";
import type { ResponseChain } from "./response-chain.ts";

/** Who takes a turn through the pipeline. */
export interface TurnOwner {
  begin(): RequestContext;
  perform(context: RequestContext, text: string): Promise<Reply>;
}

/** Bytes that may wait for a slow reader before the provider is not read any more. */
const HIGH_WATER_BYTES = 256 * 1024;
/** Fields of an event that are none of the request's. */
const ENVELOPE = ["type", "event_id", "stream_id", "generate", "background", "stream"];
const ENDS = ["response.completed", "response.incomplete"];

/** One `response.create`: a request through the pipeline, its events as messages. */
export class ResponseTurn {
  private readonly owner: TurnOwner;
  private readonly chain: ResponseChain;
  private readonly socket: SessionSocket;
  private readonly lane: string | null;
  private readonly body: JsonObject;
  private readonly isWarmUp: boolean;
  private context: RequestContext | null = null;
  private reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  private isAbandoned = false;
  private whenDrained: (() => void) | null = null;

  constructor(owner: TurnOwner, chain: ResponseChain, socket: SessionSocket, event: JsonObject) {
    this.owner = owner;
    this.chain = chain;
    this.socket = socket;
    this.lane = typeof event["stream_id"] === "string" ? event["stream_id"] : null;
    this.isWarmUp = event["generate"] === false;
    const body = { ...event };
    for (const name of ENVELOPE) delete body[name];
    this.body = chain.expand(body);
  }

  /** Resolves when the last event is sent; never rejects. */
  async run(): Promise<void> {
    if (this.isWarmUp) return this.warmUp();
    const context = this.owner.begin();
    this.context = context;
    const reply = await this.perform(context, JSON.stringify({ ...this.body, stream: true }));
    if (this.isAbandoned) return;
    if (reply.body instanceof ReadableStream) return this.pump(reply.body);
    this.socket.send(this.wholeEvent(reply));
  }

  /** No provider has anything to do: the input is kept, under an id that the next turns can refer to. */
  private warmUp(): void {
    const response = {
      id: timeOrderedId("resp_", Date.now()),
      object: "response",
      model: this.body["model"],
      output: [],
    };
    this.send(
      JSON.stringify({
        type: "response.created",
        sequence_number: 0,
        response: { ...response, status: "in_progress" },
      }),
    );
    this.chain.remember(response.id, this.body["input"], []);
    this.sendEvent({ type: "response.completed", sequence_number: 1, response: { ...response, status: "completed" } });
  }

  perform(context: RequestContext, text: string): Promise<Reply> {
    return this.owner.perform(context, text);
  }

  drained(): void {
    this.whenDrained?.();
    this.whenDrained = null;
  }

  /** The client is gone. */
  abandon(): void {
    this.isAbandoned = true;
    this.drained();
    this.context?.cancel(new GatewayError("client_aborted", "the client went away"));
    this.reader?.cancel().catch(() => {});
  }

  private async pump(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = new SseParser();
    const events: SseEvent[] = [];
    this.reader = body.getReader();
    for (;;) {
      const { done, value } = await this.reader.read();
      if (done || this.isAbandoned) return;
      parser.push(value, events);
      for (const { data } of events.splice(0)) this.send(data);
      if (this.socket.buffered > HIGH_WATER_BYTES) await this.drain();
    }
  }

  private drain(): Promise<void> {
    return new Promise((resolve) => {
      this.whenDrained = resolve;
    });
  }

  private send(data: string): void {
    const isEnd = ENDS.some((type) => data.includes(`"${type}"`));
    if (!isEnd && this.lane === null) return this.socket.send(data);
    const event = JSON.parse(data) as JsonObject;
    if (isEnd) this.remember(event);
    if (this.lane === null) this.socket.send(data);
    else this.sendEvent(event);
  }

  private sendEvent(event: JsonObject): void {
    this.socket.send(JSON.stringify(this.lane === null ? event : { ...event, stream_id: this.lane }));
  }

  /** Only what the provider does not keep itself. */
  private remember({ type, response }: JsonObject): void {
    if (
      typeof type !== "string" ||
      !ENDS.includes(type) ||
      !isJsonObject(response) ||
      typeof response["id"] !== "string"
    )
      return;
    if (this.isKeptByProvider()) return;
    this.chain.remember(response["id"], this.body["input"], response["output"]);
  }

  private isKeptByProvider(): boolean {
    if (this.body["store"] === false) return false;
    const served = this.context?.served;
    if (!served) return false;
    const provider = this.context?.snapshot.providers.get(served.provider);
    return provider?.relayWire("responses", "openai-responses", served.model) !== undefined;
  }

  /** A refusal, as an event. */
  private wholeEvent({ status, body, error }: Reply): string {
    if (typeof body !== "string") return errorEvent(error ?? noStream(), this.lane);
    const wire = JSON.parse(body) as JsonObject;
    return JSON.stringify({ type: "error", status, ...wire, ...(this.lane !== null && { stream_id: this.lane }) });
  }
}

function noStream(): GatewayError {
  return new GatewayError("internal_error", "the answer is no stream");
}

/** The event that tells of an error before any other of its turn. */
export function errorEvent({ code, message, status, fields }: GatewayError, lane: string | null): string {
  const error = {
    type: status >= 500 ? "server_error" : "invalid_request_error",
    code,
    message,
    param: fields.param ?? null,
  };
  return JSON.stringify({ type: "error", status, error, ...(lane !== null && { stream_id: lane }) });
}
