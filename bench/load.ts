import type { Socket } from "bun";

/** What one load run is told, as JSON in its first argument. */
export interface LoadOrder {
  port: number;
  path: string;
  body: string;
  headers: Record<string, string>;
  connections: number;
  durationMs: number;
  isStream: boolean;
  /** Requests per second over all connections, evenly spaced; 0: each connection sends as soon as its last answer is complete. */
  rate: number;
}

/** What it prints when it ends. */
export interface LoadResult {
  requests: number;
  failures: number;
  seconds: number;
  /** To the first content on streams, to the whole answer else; milliseconds. */
  p50: number;
  p99: number;
}

interface State {
  pending: Buffer;
  started: number;
  firstAt: number;
}

/** What the first event with content of the mock upstream holds. */
const FIRST_CONTENT = "word0";
const END_OF_CHUNKS = Buffer.from("0\r\n\r\n");

/** Drives closed-loop load over raw sockets: each connection sends its next request when the last answer is complete. */
async function drive(order: LoadOrder): Promise<LoadResult> {
  const headers = Object.entries(order.headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  const request = Buffer.from(
    `POST ${order.path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(order.body)}\r\n\r\n${order.body}`,
  );
  const idle: Socket<State>[] = [];
  const latencies: number[] = [];
  let failures = 0;
  let isOver = false;
  const send = (socket: Socket<State>): void => {
    socket.data = { pending: Buffer.alloc(0), started: performance.now(), firstAt: 0 };
    socket.write(request);
  };
  const take = (socket: Socket<State>, data: Buffer): void => {
    const state = socket.data;
    if (state.firstAt === 0 && (!order.isStream || data.includes(FIRST_CONTENT))) state.firstAt = performance.now();
    if (order.isStream)
      state.pending =
        state.pending.length === 0 && data.length > 64 ? Buffer.from(data.subarray(0, 16)) : state.pending;
    else state.pending = state.pending.length === 0 ? Buffer.from(data) : Buffer.concat([state.pending, data]);
    const isComplete = order.isStream ? data.subarray(-5).equals(END_OF_CHUNKS) : isWhole(state.pending);
    if (!isComplete) return;
    if (!state.pending.toString("latin1", 0, 16).includes(" 200") && !order.isStream) failures += 1;
    latencies.push((order.isStream ? state.firstAt : performance.now()) - state.started);
    if (isOver) return;
    if (order.rate === 0) send(socket);
    else idle.push(socket);
  };
  const started = performance.now();
  const sockets = await Promise.all(
    Array.from({ length: order.connections }, () =>
      Bun.connect<State>({
        hostname: "127.0.0.1",
        port: order.port,
        socket: { open: send, data: take, error() {}, close() {} },
      }),
    ),
  );
  if (order.rate > 0) await pace(order, idle, send);
  else await Bun.sleep(order.durationMs);
  isOver = true;
  const seconds = (performance.now() - started) / 1000;
  for (const socket of sockets) socket.terminate();
  latencies.sort((one, other) => one - other);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { requests: latencies.length, failures, seconds, p50: at(0.5), p99: at(0.99) };
}

/** Sends on idle connections at the order's rate; what finds no idle connection is sent when one comes free. */
async function pace(order: LoadOrder, idle: Socket<State>[], send: (socket: Socket<State>) => void): Promise<void> {
  const started = performance.now();
  let sent = order.connections;
  for (let now = started; now < started + order.durationMs; now = performance.now()) {
    const due = ((now - started) / 1000) * order.rate;
    for (; sent < due && idle.length > 0; sent += 1) {
      const socket = idle.pop();
      if (socket !== undefined) send(socket);
    }
    await Bun.sleep(0);
  }
}

function isWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /content-length: (\d+)/i.exec(bytes.toString("latin1", 0, end))?.[1];
  return length === undefined ? bytes.subarray(-5).equals(END_OF_CHUNKS) : bytes.length >= end + 4 + Number(length);
}

if (import.meta.main) console.log(JSON.stringify(await drive(JSON.parse(process.argv[2] ?? "{}") as LoadOrder)));
