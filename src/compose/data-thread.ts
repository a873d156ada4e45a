import { systemClock } from "../lib/clock.ts";
import { HttpClient } from "../lib/http-client/index.ts";
import { RetryBudget } from "../domain/attempt/retry-budget.ts";
import { KeyHealth } from "../domain/balance/key-health.ts";
import { Latencies } from "../domain/balance/latencies.ts";
import { StickyTable } from "../domain/balance/sticky-table.ts";
import { TargetHealth } from "../domain/balance/target-health.ts";
import { SessionMemory } from "../domain/classify/session-memory.ts";
import { sessionSecret } from "../domain/classify/session-key.ts";
import { VectorShelf } from "../domain/classify/vector-shelf.ts";
import { openCatalog } from "../domain/catalog/index.ts";
import { createJournalGauge } from "../domain/journal/gauge.ts";
import { openJournalWriter } from "../domain/journal/writer.ts";
import { Counters } from "../domain/ledger/counters.ts";
import { Bells } from "../domain/load/bells.ts";
import { Crowd } from "../domain/load/crowd.ts";
import { Gates } from "../domain/load/gates.ts";
import { secondsOf } from "../ingress/http/live-request.ts";
import { HttpIngress } from "../ingress/http/server.ts";
import { socketHandler, type SocketPeer } from "../ingress/websocket/client-socket.ts";
import type { FromData, ThreadStart, ToData } from "../control/messages.ts";
import { embedExamples } from "../pipeline/classify/embed-examples.ts";
import { KeptTexts } from "../pipeline/classify/kept-texts.ts";
import type { Runtime } from "../pipeline/runtime.ts";
import { Snapshot } from "../pipeline/snapshot.ts";
import { SpoolWriter } from "../domain/state/spool.ts";
import { createStateClient } from "./state-client.ts";
import { chatProviders, dialects, taskDialects } from "./dialects.ts";
import { signers } from "./signers.ts";

declare const self: Worker;

/** Only to end old segments and for a second line of safety: a sync stands still for milliseconds, and the store commits sooner. */
const SYNC_INTERVAL_MS = 60_000;
const MAX_REQUEST_BYTES = 2 ** 30;

const catalog = openCatalog();
const counters = new Counters([]);
let gates: Gates | null = null;
const vectors = new VectorShelf();
let runtime: Runtime | null = null;
let snapshot: Snapshot | null = null;
let live = new Map<string, readonly string[]>();
let server: Bun.Server<SocketPeer> | null = null;
let ingress: HttpIngress | null = null;
let listen: (() => void) | null = null;

function tell(message: FromData): void {
  self.postMessage(message);
}

function report(error: unknown): void {
  tell({ type: "fault", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

function createRuntime(start: ThreadStart): Runtime {
  const gauge = createJournalGauge(start.gauge);
  const journal = openJournalWriter({ dir: start.journalDir, thread: start.thread, boot: start.boot, gauge });
  setInterval(() => journal.sync(), SYNC_INTERVAL_MS).unref();
  const clients = new Map<string | null, HttpClient>();
  const spool = new SpoolWriter(
    start.spoolDir,
    `${Date.now().toString(36).padStart(9, "0")}-${start.boot}-${start.thread}`,
  );
  gates = new Gates(new Bells(start.bells), start.seat);
  return {
    gates,
    crowd: new Crowd(start.crowd),
    seat: start.seat,
    state: createStateClient(start.stateSocket, spool, report),
    secret: start.secret,
    thread: start.thread,
    clock: systemClock,
    draw: Math.random,
    counters,
    health: new KeyHealth(start.keyHealth),
    targets: new TargetHealth(start.targetHealth),
    latencies: new Latencies(start.latencies),
    retries: new RetryBudget(start.retryBudget),
    sessions: new StickyTable(start.sessions),
    catalog,
    classified: new SessionMemory(start.classified),
    sessionSecret: sessionSecret(start.secret),
    vectors,
    texts: new KeptTexts(),
    dialects,
    chatProviders,
    taskDialects,
    signers,
    report,
    record: (record) => journal.append(record),
    isJournalFull: (maxBytes) => gauge.isFull(maxBytes) || !journal.isWritable(),
    client: (ca) => {
      const known = clients.get(ca);
      if (known !== undefined) return known;
      const made = new HttpClient(ca === null ? {} : { tls: { ca } });
      clients.set(ca, made);
      return made;
    },
  };
}

function prepare(start: ThreadStart): void {
  const own = createRuntime(start);
  runtime = own;
  const made = new HttpIngress({
    runtime: own,
    snapshot: () => {
      if (snapshot === null) throw new Error("no snapshot yet");
      return snapshot;
    },
    clientSecretKey: start.clientSecretKey,
    forward: (request) => forward(request, start.controlSocket),
  });
  ingress = made;
  listen = () => {
    if (snapshot === null) return;
    server = Bun.serve({
      hostname: start.host,
      port: start.port,
      reusePort: true,
      http2: start.http2,
      // Its page for errors that nobody caught shows sources and paths to clients.
      development: false,
      idleTimeout: secondsOf(snapshot.data.idleTimeoutMs),
      maxRequestBodySize: MAX_REQUEST_BYTES,
      fetch: (request, connections) => made.answer(request, connections),
      websocket: socketHandler(snapshot.data.maxBodyBytes),
    });
  };
}

/** Management, metrics and dashboard requests are the control thread's, which sees the caller's Host. */
function forward(request: Request, unix: string): Promise<Response> {
  const { url, method, headers, body } = request;
  const start = url.indexOf("/", url.indexOf("://") + 3);
  return fetch(`http://control${start < 0 ? "/" : url.slice(start)}`, {
    unix,
    method,
    headers,
    body,
    redirect: "manual",
    decompress: false,
  });
}

async function drain(deadlineMs: number): Promise<void> {
  await ingress?.drain(deadlineMs, () => void server?.stop(false));
  tell({ type: "drained" });
}

const HANDLERS: { [Type in ToData["type"]]: (message: Extract<ToData, { type: Type }>) => void } = {
  start: prepare,
  snapshot: ({ data, segments, gates: added }) => {
    counters.extend(segments);
    gates?.extend(added);
    const next = new Snapshot(data, catalog);
    next.models.setLive(live);
    snapshot = next;
    if (server === null) listen?.();
    tell({ type: "serving", version: data.version, port: server?.port ?? 0 });
  },
  models: (message) => {
    live = new Map(message.live);
    snapshot?.models.setLive(live);
  },
  catalog: ({ facts }) => {
    catalog.refresh(facts);
    snapshot?.models.setLive(live);
  },
  vectors: ({ entries }) => vectors.put(entries),
  embed: (order) => {
    if (runtime === null || snapshot === null) return;
    void embedExamples(runtime, snapshot, order).then((done) =>
      tell({ type: "embedded", order: order.order, ...done }),
    );
  },
  drain: ({ deadlineMs }) => void drain(deadlineMs),
};

self.addEventListener("message", (event: MessageEvent<ToData>) => {
  const message = event.data;
  (HANDLERS[message.type] as (message: ToData) => void)(message);
});

/** A fault that nobody caught: end what is under way with an error and a record, then let the control thread replace us. */
process.on("uncaughtException", (error) => {
  report(error);
  ingress?.live.endAll();
  // What waits for an answer learns that it is over in a later turn, and is recorded then.
  setTimeout(() => process.exit(1));
});
