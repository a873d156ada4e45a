import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { RealtimeCodec } from "../../canonical/realtime.ts";
import { timeOrderedId } from "../../lib/ids.ts";
import { deadlines, type Timed } from "../../lib/http-client/deadline-watch.ts";
import { parseObject } from "../../lib/parse-object.ts";
import { cutReason, isSendableCode } from "../../lib/websocket-client/index.ts";
import type { Call } from "../call.ts";
import type { RequestContext } from "../context.ts";
import { settle } from "../settle.ts";
import { CLOSE, closeCodeOf } from "./close-codes.ts";
import { checkModel, nameModels } from "./name-models.ts";
import { SessionMeter } from "./session-meter.ts";
import { Translation, type Outbox } from "./translation.ts";

/** One side of a session: a connection that takes messages. */
export interface SessionSocket {
  /** Text as a string, binary as bytes. */
  send(data: string | Uint8Array): void;
  /** Bytes that wait to be written. */
  readonly buffered: number;
  /** Stops and goes on reading. */
  pause(): void;
  resume(): void;
  /** Closes after what waits is written. `code` null: without one. */
  close(code: number | null, reason: string): void;
  /** Closes at once. */
  terminate(): void;
}

/** Bytes that may wait for one side before the other is not read any more. */
const HIGH_WATER_BYTES = 256 * 1024;

/**
 * A session under way: messages pass both ways, as they are but for the names of models; what the provider reports is
 * metered; one end ends both, and writes the one record.
 */
export class RealtimeSession implements Timed {
  deadline = Infinity;
  private readonly context: RequestContext;
  private readonly it: Call;
  private readonly upstream: SessionSocket;
  /** The provider's. */
  private readonly codec: RealtimeCodec;
  /** Null: both sides speak the same protocol. */
  private readonly translation: Translation | null;
  private readonly meter: SessionMeter;
  private client: SessionSocket | null = null;
  private total: Timer | null = null;
  private isOver = false;
  private isClientPaused = false;
  private isUpstreamPaused = true;

  /** `upstream` is open, and paused until the client is attached; it speaks the protocol `codec`. */
  constructor(context: RequestContext, it: Call, upstream: SessionSocket, codec: RealtimeCodec) {
    this.context = context;
    this.it = it;
    this.upstream = upstream;
    this.codec = codec;
    this.meter = new SessionMeter(context, { ...it.target, key: it.key.data.name });
    this.translation = it.prepared.isRelay ? null : new Translation(context, it.target, codec);
    this.meter.helper = this.translation?.transcriber ?? null;
    context.meter = this.meter;
    context.giveUp = (reason) => this.fail(reason);
  }

  /** The client is there: traffic begins. */
  attach(client: SessionSocket): void {
    if (this.isOver) return client.close(CLOSE.badGateway, cutReason(this.context.error?.message ?? ""));
    this.client = client;
    const { sessionTimeoutMs } = this.context.snapshot.data;
    const late = new GatewayError(
      "deadline_exceeded",
      `sessions last ${sessionTimeoutMs} ms at most (server.session_timeout_ms)`,
    );
    this.total = setTimeout(() => this.fail(late), sessionTimeoutMs);
    deadlines.add(this);
    this.heard();
    this.isUpstreamPaused = false;
    if (this.translation !== null) this.sendAll(this.translation.open());
    this.upstream.resume();
  }

  /** A message of the client; binary ones as bytes. */
  fromClient(data: string | Buffer): void {
    if (this.isOver) return;
    this.heard();
    try {
      if (this.translation === null) this.upstream.send(this.patched(data));
      else this.sendAll(this.translation.fromClient(this.checked(data)));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return this.refuse(error);
    }
    if (this.isClientPaused || this.unsent() <= HIGH_WATER_BYTES) return;
    this.isClientPaused = true;
    this.client?.pause();
  }

  clientDrained(): void {
    if (!this.isUpstreamPaused || this.isOver || (this.client?.buffered ?? 0) > HIGH_WATER_BYTES) return;
    this.isUpstreamPaused = false;
    this.upstream.resume();
  }

  /** The client closed, with the code that it sent; 1006: it went away without one. */
  clientClosed(code: number, reason: string): void {
    if (this.isOver) return;
    this.client = null;
    const isAway = code === CLOSE.abnormal;
    if (isAway) this.context.error ??= new GatewayError("client_aborted", "the client went away");
    this.finish("client", code);
    if (isAway) this.upstream.terminate();
    else this.upstream.close(isSendableCode(code) ? code : null, reason);
  }

  fromUpstream(data: string | Buffer): void {
    if (this.isOver || this.client === null) return;
    this.heard();
    const report = this.codec.readServer(data);
    const limit = report === null ? null : this.meter.take(report);
    if (this.translation === null) this.client.send(data);
    else this.translate(this.translation, data);
    if (limit !== null) return this.fail(limit);
    if (this.isOver) return;
    if (this.client.buffered <= HIGH_WATER_BYTES || this.isUpstreamPaused) return;
    this.isUpstreamPaused = true;
    this.upstream.pause();
  }

  upstreamDrained(): void {
    if (!this.isClientPaused || this.isOver || this.unsent() > HIGH_WATER_BYTES) return;
    this.isClientPaused = false;
    this.client?.resume();
  }

  /** The provider closed; 1006: without a close frame, `reason` then says how. */
  upstreamClosed(code: number, reason: string): void {
    if (this.isOver) return;
    if (code === CLOSE.abnormal) return this.fail(brokenOff(this.it.target.provider, reason));
    const isGood = code === CLOSE.normal || code === CLOSE.goingAway || code === CLOSE.noCode;
    if (!isGood && this.translation !== null) return this.fail(closedBadly(this.it.target.provider, code, reason));
    if (!isGood) this.context.error ??= closedBadly(this.it.target.provider, code, reason);
    this.finish("provider", code);
    this.client?.close(isSendableCode(code) ? code : null, reason);
  }

  /** Ends the session with an error that the client is told. */
  fail(error: GatewayError): void {
    if (this.isOver) return;
    this.context.error ??= error;
    const code = closeCodeOf(error);
    const failure = this.finish("gateway", code) ?? error;
    this.tell(failure);
    this.client?.close(closeCodeOf(failure), cutReason(failure.message));
    this.upstream.close(CLOSE.goingAway, "");
  }

  expire(): void {
    const { sessionIdleTimeoutMs } = this.context.snapshot.data;
    this.fail(
      new GatewayError(
        "deadline_exceeded",
        `no message for ${sessionIdleTimeoutMs} ms (server.session_idle_timeout_ms)`,
      ),
    );
  }

  private heard(): void {
    this.deadline = deadlines.after(this.context.snapshot.data.sessionIdleTimeoutMs);
  }

  /** What names models is written anew; all else passes as it came. */
  private patched(data: string | Buffer): string | Uint8Array {
    const message = parsed(data);
    if (message === null) return data;
    const { isAny, helper } = nameModels(this.context, this.it.target, message);
    if (!isAny) return data;
    this.meter.helper = helper ?? this.meter.helper;
    const text = JSON.stringify(message);
    return typeof data === "string" ? text : Buffer.from(text);
  }

  /** A message of a client whose provider speaks another protocol. */
  private checked(data: string | Buffer): JsonObject {
    const message = parsed(typeof data === "string" ? data : data.toString("utf8")) ?? {};
    checkModel(this.context, message);
    return message;
  }

  private translate(translation: Translation, data: string | Buffer): void {
    const message = parseObject(data.toString());
    if (message === null) {
      const text = `provider ${this.it.target.provider}: a message is no JSON object`;
      return this.fail(new GatewayError("provider_protocol_error", text));
    }
    const { waiting } = translation;
    try {
      this.sendAll(translation.fromUpstream(message as JsonObject));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return this.fail(error);
    }
    if (waiting > 0) this.upstreamDrained();
  }

  private sendAll({ client, upstream }: Outbox): void {
    for (const text of client) this.client?.send(text);
    for (const text of upstream) this.upstream.send(text);
  }

  /** Bytes on their way to the provider. */
  private unsent(): number {
    return this.upstream.buffered + (this.translation?.waiting ?? 0);
  }

  /** A message that was not passed on: told where the protocol can, else the end. */
  private refuse(error: GatewayError): void {
    if (this.context.socket.codec.encodeError(error, "") === null) return this.fail(error);
    this.tell(error);
  }

  private tell(error: GatewayError): void {
    if (error.code === "client_aborted") return;
    const { socket, runtime } = this.context;
    const event = socket.codec.encodeError(error, timeOrderedId("event_", runtime.clock.wall()));
    if (event !== null) this.client?.send(event);
  }

  /** Settles and records; before either side sees the end. */
  private finish(by: string, code: number): GatewayError | null {
    this.isOver = true;
    deadlines.delete(this);
    if (this.total !== null) clearTimeout(this.total);
    this.context.trace.push({ step: "closed", result: `${by} ${code}` });
    return settle(this.context);
  }
}

/** The object of a message; null for binary data that is none. Throws for text that is none: providers might read it differently. */
function parsed(data: string | Buffer): JsonObject | null {
  const isText = typeof data === "string";
  const message = parseObject(isText ? data : data.toString("utf8"));
  if (message === null && isText) throw new GatewayError("invalid_json", "a message must be a JSON object");
  return message as JsonObject | null;
}

function brokenOff(provider: string, reason: string): GatewayError {
  return new GatewayError("upstream_truncated", `provider ${provider}: the session broke off: ${reason}`);
}

function closedBadly(provider: string, code: number, reason: string): GatewayError {
  const words = reason === "" ? "" : `: ${reason}`;
  return new GatewayError("upstream_error", `provider ${provider} closed the session with code ${code}${words}`);
}
