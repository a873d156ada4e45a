import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { parseObject } from "../../lib/parse-object.ts";
import type { RequestContext } from "../../pipeline/context.ts";
import { CLOSE } from "../../pipeline/realtime/close-codes.ts";
import type { SessionSocket } from "../../pipeline/realtime/session.ts";
import type { SocketPeer } from "./client-socket.ts";
import { ResponseChain } from "./response-chain.ts";
import { errorEvent, ResponseTurn } from "./response-turn.ts";

/** What a connection of the Responses API works with. */
export interface ResponsesOwner {
  /** A request of its own for one turn. */
  begin(): RequestContext;
  /** Takes a body into a request that has begun, and the request through its stages. */
  perform(context: RequestContext, text: string): ReturnType<ResponseTurn["perform"]>;
  /** The connection is closed. */
  forget(peer: ResponsesPeer): void;
  lifetimeMs: number;
}

const MAX_LANES = 32;
const MAX_QUEUED = 64;

/**
 * The WebSocket mode of the Responses API: each `response.create` is one request, its events come back as messages. Requests
 * of one lane (`stream_id`) come one after the other, lanes at once.
 * https://developers.openai.com/api/docs/guides/websocket-mode
 */
export class ResponsesPeer implements SocketPeer {
  private readonly owner: ResponsesOwner;
  private readonly chain = new ResponseChain();
  /** Turns that wait, by lane; a lane is there while a turn of it is under way. */
  private readonly lanes = new Map<string, JsonObject[]>();
  private readonly turns = new Set<ResponseTurn>();
  private socket: SessionSocket | null = null;
  private lifetime: Timer | null = null;
  private isEnding = false;

  constructor(owner: ResponsesOwner) {
    this.owner = owner;
  }

  opened(socket: SessionSocket): void {
    this.socket = socket;
    this.lifetime = setTimeout(() => this.expire(), this.owner.lifetimeMs);
  }

  message(data: string | Buffer): void {
    const event = parseObject(data.toString()) as JsonObject | null;
    const fault = event === null ? notAnEvent() : faultOf(event);
    if (event === null || fault !== null) return this.tell(fault ?? notAnEvent(), laneOf(event));
    const lane = laneOf(event) ?? "";
    const waiting = this.lanes.get(lane);
    if (waiting !== undefined) {
      if (waiting.length >= MAX_QUEUED) return this.tell(tooMany("turns wait in this lane"), lane);
      waiting.push(event);
      return;
    }
    if (this.lanes.size >= MAX_LANES) return this.tell(tooMany("lanes are in use"), lane);
    this.lanes.set(lane, [event]);
    void this.work(lane);
  }

  drained(): void {
    for (const turn of this.turns) turn.drained();
  }

  closed(): void {
    this.socket = null;
    if (this.lifetime !== null) clearTimeout(this.lifetime);
    this.lanes.clear();
    for (const turn of this.turns) turn.abandon();
    this.owner.forget(this);
  }

  /** The process is going to stop: turns under way may end, then the connection closes. */
  drain(): void {
    this.isEnding = true;
    if (this.turns.size === 0) this.socket?.close(CLOSE.goingAway, "this process is stopping");
  }

  private async work(lane: string): Promise<void> {
    const waiting = this.lanes.get(lane) ?? [];
    for (let event = waiting.shift(); event !== undefined && this.socket !== null; event = waiting.shift()) {
      const turn = new ResponseTurn(this.owner, this.chain, this.socket, event);
      this.turns.add(turn);
      await turn.run();
      this.turns.delete(turn);
    }
    this.lanes.delete(lane);
    if (this.isEnding) this.drain();
  }

  private expire(): void {
    const error = { type: "invalid_request_error", code: "websocket_connection_limit_reached", message: LIMIT_TEXT };
    this.socket?.send(JSON.stringify({ type: "error", status: 400, error }));
    this.socket?.close(CLOSE.goingAway, LIMIT_TEXT);
  }

  private tell(error: GatewayError, lane: string | null): void {
    this.socket?.send(errorEvent(error, lane));
  }
}

const LIMIT_TEXT = "this connection has lasted as long as it may: open a new one";

function laneOf(event: JsonObject | null): string | null {
  const lane = event?.["stream_id"];
  return typeof lane === "string" ? lane : null;
}

function faultOf(event: JsonObject): GatewayError | null {
  const { type, background } = event;
  if (type !== "response.create") {
    return new GatewayError(
      "unsupported_operation",
      `the event must be response.create, got ${JSON.stringify(type)?.slice(0, 100)}`,
      { param: "type" },
    );
  }
  if (background === true) {
    return new GatewayError("invalid_request", "background is not supported over WebSocket", { param: "background" });
  }
  return null;
}

function notAnEvent(): GatewayError {
  return new GatewayError("invalid_json", "a message must be a JSON object");
}

function tooMany(what: string): GatewayError {
  return new GatewayError("overloaded", `too many ${what}`);
}
