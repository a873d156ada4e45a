import type { Dialect, ErrorCodec, Framing } from "../canonical/dialect.ts";
import { GatewayError, type AttemptSummary } from "../canonical/errors.ts";
import type { DialectName, Operation, Outcome, StickyMode } from "../canonical/names.ts";
import type { ChatRequest } from "../canonical/request.ts";
import type { StreamPart } from "../canonical/stream-part.ts";
import type { RealtimeCodec } from "../canonical/realtime.ts";
import type { AnyTaskCodec, CallRequest } from "../canonical/task.ts";
import type { Classification } from "../canonical/classification.ts";
import type { TraceStep } from "../canonical/trace.ts";
import type { Usage } from "../canonical/usage.ts";
import type { Warning } from "../canonical/warning.ts";
import type { RawBody } from "../domain/attempt/patch.ts";
import type { RoutingIntent } from "../domain/intent/intent.ts";
import type { HeaderSource } from "../domain/identity/credential.ts";
import type { Charge, RuleFault } from "../canonical/record.ts";
import type { RequestSize } from "../domain/ledger/estimate.ts";
import type { Reservation } from "../domain/ledger/reserve.ts";
import type { AttemptData, Target } from "../domain/route/data.ts";
import type { GrantHold } from "./grant-limits.ts";
import type { AttemptHold } from "./attempt-limits.ts";
import type { Assignment } from "../domain/route/experiments.ts";
import type { Route } from "../domain/route/router.ts";
import type { Caller } from "./caller.ts";
import { RequestClasses } from "./classify/request-classes.ts";
import type { StreamCollector } from "../canonical/collect.ts";
import type { Json } from "../canonical/json.ts";
import type { ServiceCall } from "./service/service-call.ts";
import type { Passing } from "./passthrough/passing.ts";
import type { Inspected } from "./stage/inspect.ts";
import type { RealtimeSession } from "./realtime/session.ts";
import type { SessionMeter } from "./realtime/session-meter.ts";
import type { Lane, Rivals } from "./lane.ts";
import type { SessionId } from "./session/session-id.ts";
import type { StickySession } from "./sticky/sticky-session.ts";
import type { Runtime } from "./runtime.ts";
import type { Snapshot } from "./snapshot.ts";
import type { TargetWatch } from "./target-watch.ts";

/** What the handshake of a session over WebSocket says. */
export interface SocketArrival {
  codec: RealtimeCodec;
  /** Without credentials. */
  query: URLSearchParams;
  version: string | null;
  /** Virtual key, by its id, of a caller that presented a client secret; null: the request has its key itself. */
  keyId: string | null;
}

/** What the ingress knows of a request before anything is decided. */
export interface Arrival {
  operation: Operation;
  /** The client's: it names the wire, and says how errors look there. */
  dialect: ErrorCodec & { name: DialectName };
  /** The client's codec of chat; null for other operations. */
  chat: Dialect | null;
  /** The client's codec of an operation beside chat; null for chat. */
  task: AnyTaskCodec | null;
  /** Set for a session over WebSocket. */
  socket: SocketArrival | null;
  headers: HeaderSource;
  body: RawBody;
  /** Bytes of the body. */
  bodyLength: number;
  queryKey: string | null;
  pathModel: string | null;
  pathStream: boolean;
  /** Id of the job that the path names. */
  pathJob: string | null;
  /** A provider that the path names, for models that name none. */
  pathProvider: string | null;
  /** How the client's stream is framed, where not as its dialect says; null: as that says. */
  framing: Framing | null;
  /** A request that goes to a provider as it is. */
  passing?: Passing;
  /** A question about something that outlives a request. */
  service?: ServiceCall;
  /** The path with its query, without credentials: for a request that is made again later. */
  path?: string;
  /** The answer is to be fetched later. */
  isAsync?: boolean;
  /** A conversation of the Responses API is to be compacted, not to be answered. */
  isCompaction?: boolean;
  /** Streams of this dialect as a JSON array instead of server-sent events (Gemini without `alt=sse`). */
  jsonArrayStream: boolean;
  /** Headers that the client's API adds to its answers; null: none. */
  replyHeaders: ((context: RequestContext) => Record<string, string>) | null;
  id: string;
  wall: number;
  monotonic: number;
}

/** What answers the client. */
export interface Reply {
  status: number;
  contentType: string;
  body: string | Uint8Array | ReadableStream<Uint8Array>;
  /** Beside those of the gateway; lower-case names. */
  headers?: Record<string, string>;
  /** Where the answer is, when it is not here. */
  location?: string;
  /** Set when the reply is an error, for the headers that go with it. */
  error?: GatewayError;
}

/** Where a call was finally served. */
export interface Served {
  provider: string;
  model: string;
  key: string;
}

/** One request on its way. Each stage owns the fields it fills; later stages read them. */
export class RequestContext implements Lane {
  readonly arrival: Arrival;
  readonly runtime: Runtime;
  readonly snapshot: Snapshot;
  /** All operations have the same first stages, up to the reading of the body. */
  stages: readonly Stage[];
  /** How many stages have been begun. */
  begun = 0;
  /** Called once, when the request settles. */
  ended: () => void = () => {};

  /** decode */
  request: CallRequest | null = null;
  chatRequest: ChatRequest | null = null;
  size: RequestSize = { inputTokens: 0, outputTokens: null, hasMedia: false, hasImages: false };
  /** What the request itself wants of its routing. */
  intent: RoutingIntent | null = null;

  /** inspect */
  inspected: Inspected | null = null;

  /** identify; null for a caller without a virtual key. */
  caller: Caller | null = null;

  /** recall: the input of this turn alone, and the kept answer that it goes on from. */
  turn: { input: Json[]; previous: string } | null = null;
  /** The provider and key that have what the request goes on from. */
  pinned: { provider: string; key: string } | null = null;

  /** keep: gathers a streamed answer that is to be kept. */
  keeping: StreamCollector | null = null;
  /** The gateway keeps the answer. */
  isKept = false;

  /** admit, reserve */
  readonly held: Reservation[] = [];
  charges: Charge[] = [];
  /** Set when a budget leaves room for less output than was asked for. */
  outputCap: number | null = null;

  /** route */
  targets: Target[] = [];
  attemptData: AttemptData = NO_ATTEMPT_DATA;
  trace: TraceStep[] = [];
  /** Rules that failed. */
  ruleFaults: readonly RuleFault[] = [];
  /** The arm of the experiment that it takes part in; null: none. */
  experiment: Assignment | null = null;
  /** What its turns are known by; undefined: nobody has asked yet. */
  conversation: SessionId | null | undefined;
  /** Where that was served last; undefined: nothing has asked yet. */
  sticky: StickySession | null | undefined;
  /** What the alias or rule says of sticky sessions; null: nothing. */
  stickyMode: StickyMode | null = null;
  /** What classifiers found. */
  classifications: Classification[] | null = null;
  private found: RequestClasses | null = null;
  /** What the router found, for whoever asks why; null: nothing was decided. */
  decided: Route | null = null;
  /** The client wants the explanation of its route within the answer. */
  explains = false;

  /** attempt */
  readonly attempts: AttemptSummary[] = [];
  served: Served | null = null;
  /** The upstream call under way; null: none. */
  watch: TargetWatch | null = null;
  /** What that call holds of limits and places at its provider; null: nothing. */
  hold: AttemptHold | null = null;
  /** What its key was like when it was chosen, see `KeyHealth.claim`. */
  keyClaim = 0;
  calls = 0;
  readonly lost: null = null;
  grant: GrantHold | null = null;
  readonly avoidedKey: null = null;
  readonly isHedge: boolean = false;
  readonly race: Rivals | null = null;
  /** Held for attempts that run against the one that `held` covers. */
  readonly hedgeHeld: Reservation[] = [];
  /** What attempts that another outran are known to have cost, nano-dollars. */
  lostNano = 0;
  usage: Usage | null = null;
  /** The provider's id of the answer, where it has one. */
  responseId: string | null = null;
  /** False for what nobody can say the price of before or after. */
  isMetered = true;
  /** The provider's word for the tier that served. */
  serviceTier: string | null = null;
  costNano: number | null = null;
  warnings: Warning[] = [];
  reply: Reply | null = null;
  /** Gives up what the request is waiting for, upstream call or backoff; null when it waits for nothing. */
  giveUp: ((reason: GatewayError) => void) | null = null;
  /** The reply streams on after the stages have run; whoever ends it settles. */
  isStreaming = false;
  /** The streamed reply is on its way to the client, its head with it. */
  isReplied = false;
  /** Characters of content that a stream has brought, for an estimate when it breaks off before its usage. */
  contentLength = 0;

  /** attempt, of a session over WebSocket */
  session: RealtimeSession | null = null;
  meter: SessionMeter | null = null;

  /** record */
  error: GatewayError | null = null;
  /** How it ended where no error of the gateway says so; null: well. */
  outcome: Outcome | null = null;
  firstContentAt: number | null = null;
  /** When it has to be answered, monotonic. */
  deadline = Infinity;
  /** Why the request was ended from outside. */
  cancelled: GatewayError | null = null;
  isSettled = false;

  constructor(arrival: Arrival, runtime: Runtime, snapshot: Snapshot, stages: readonly Stage[]) {
    this.arrival = arrival;
    this.stages = stages;
    this.runtime = runtime;
    this.snapshot = snapshot;
  }

  /** The decoded request of any operation; only stages after decode may ask. */
  get call(): CallRequest {
    if (this.request === null) throw new Error("the request is not decoded yet");
    return this.request;
  }

  /** The decoded request of a chat. */
  get chat(): ChatRequest {
    if (this.chatRequest === null) throw new Error("the request is no decoded chat");
    return this.chatRequest;
  }

  /** The client's chat dialect. */
  get chatDialect(): Dialect {
    if (this.arrival.chat === null) throw new Error("the request is no chat");
    return this.arrival.chat;
  }

  /** The client's codec of an operation beside chat. */
  get task(): AnyTaskCodec {
    if (this.arrival.task === null) throw new Error("the request is no task");
    return this.arrival.task;
  }

  /** Shows a part of the stream to the stages. */
  observe(part: StreamPart): void {
    for (const stage of this.stages) stage.observe?.(this, part);
  }

  /** Ends the request from outside: the client went away, the deadline passed, the process drains. */
  cancel(reason: GatewayError): void {
    if (this.isSettled) return;
    this.cancelled ??= reason;
    this.giveUp?.(reason);
  }

  /** Lets the request take no longer than this, counted from now. */
  limitTime(milliseconds: number): void {
    const error = new GatewayError(
      "deadline_exceeded",
      `no complete answer within the ${milliseconds} ms that the request allows`,
    );
    this.deadline = Math.min(this.deadline, this.runtime.clock.monotonic() + milliseconds);
    const timer = setTimeout(() => this.cancel(error), milliseconds);
    const { ended } = this;
    this.ended = () => {
      clearTimeout(timer);
      ended();
    };
  }

  /** What the handshake of a session said. */
  get socket(): SocketArrival {
    if (this.arrival.socket === null) throw new Error("the request is no session");
    return this.arrival.socket;
  }

  /** What rules may read of classifiers. */
  get classes(): RequestClasses {
    this.found ??= new RequestClasses(this);
    return this.found;
  }

  get scopes(): readonly string[] {
    return this.caller?.scopes ?? GLOBAL;
  }
}

const GLOBAL = ["global"];
const NO_ATTEMPT_DATA: AttemptData = {};

/** A step of the way: each phase is optional. */
export interface Stage {
  name: string;
  /** Only runs once the body has been read; the stages before the first such need no more than the head. */
  readsBody?: boolean;
  /** May refuse by throwing a `GatewayError`. Returns a promise only where it waits for the network. */
  admit?(context: RequestContext): void | Promise<void>;
  /** Sees each part of a streamed answer, in order, before the client does. */
  observe?(context: RequestContext, part: StreamPart): void;
  /** Runs exactly once, in reverse order, however the request ended. Must not throw. */
  settle?(context: RequestContext): void;
}
