import { createServer, type Socket } from "node:net";
import { jsonAnswer } from "./answers.ts";
import { wireBytes } from "./event-stream-view.ts";
import { isListCall } from "./list-call.ts";

/** A request as the mock received it. */
export interface MockRequest {
  method: string;
  path: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
  json: Record<string, unknown>;
  /** Which of the mock's connections it came over, numbered from 1. */
  connection: number;
}

/** One move of the mock: bytes, a pause, or a way to end badly. */
export type Step =
  | { write: string | Uint8Array }
  | { wait: number }
  /** Goes on when that has come to pass. */
  | { after: Promise<unknown> }
  /** Closes (`fin`) or resets (`rst`) the connection. */
  | { cut: "fin" | "rst" }
  /** Says nothing more and keeps the connection. */
  | { stall: true };

export interface MockUpstream {
  /** Origin, such as `http://127.0.0.1:34567`. */
  url: string;
  requests: MockRequest[];
  /** Connections accepted so far. */
  connections: number;
  /** Connections that the other side closed before the answer was complete. */
  abandoned: number;
  /** Bytes that the mock could not write because nobody read them. */
  unread(): number;
  stop(): Promise<void>;
}

/** What the mock answers to a request: raw steps on the socket. */
export type Script = (request: MockRequest) => Step[] | Promise<Step[]>;

const NO_LIST: Script = () => jsonAnswer({ error: { message: "no list of models" } }, 404);

/**
 * A provider on loopback that speaks raw HTTP/1.1, so that it can stall, cut, trickle and lie. Calls for its list of models are
 * answered by `lists`, and are not among the requests.
 */
export async function startMockUpstream(script: Script, lists: Script = NO_LIST): Promise<MockUpstream> {
  const sockets = new Set<Socket>();
  const mock: MockUpstream = {
    url: "",
    requests: [],
    connections: 0,
    abandoned: 0,
    unread: () => [...sockets].reduce((sum, socket) => sum + socket.writableLength, 0),
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    serve(socket, mock, (request) => (isListCall(request.method, request.path) ? lists(request) : script(request)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  mock.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  return mock;
}

function serve(socket: Socket, mock: MockUpstream, script: Script): void {
  let buffered: Buffer = Buffer.alloc(0);
  let busy = false;
  const connection = (mock.connections += 1);
  socket.on("close", () => {
    if (busy) mock.abandoned += 1;
  });
  const next = async (): Promise<void> => {
    const parsed = busy ? null : parse(buffered);
    if (parsed === null) return;
    buffered = parsed.rest;
    busy = true;
    const request = { ...parsed.request, connection };
    if (!isListCall(request.method, request.path)) mock.requests.push(request);
    const steps = await script(request);
    const isComplete = await play(socket, steps);
    busy = !isComplete;
    if (isComplete) await next();
  };
  socket.on("data", (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    void next();
  });
}

function parse(bytes: Buffer): { request: Omit<MockRequest, "connection">; rest: Buffer } | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [line = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((each) => [each.slice(0, each.indexOf(":")).toLowerCase(), each.slice(each.indexOf(":") + 1).trim()]),
  );
  const length = Number(headers["content-length"] ?? 0);
  if (bytes.length < end + 4 + length) return null;
  const body = bytes.toString("utf8", end + 4, end + 4 + length);
  const [method = "", path = ""] = line.split(" ");
  let json: Record<string, unknown> = {};
  try {
    json = JSON.parse(body);
  } catch {
    json = {};
  }
  return { request: { method, path, headers, body, json }, rest: bytes.subarray(end + 4 + length) };
}

/** True when the answer ended as HTTP should, so that the connection serves another request. */
async function play(socket: Socket, steps: Step[]): Promise<boolean> {
  for (const step of steps) {
    if (socket.destroyed) return false;
    if ("write" in step) {
      const isTaken = socket.write(typeof step.write === "string" ? wireBytes(step.write) : step.write);
      if (!isTaken) await drained(socket);
    } else if ("wait" in step) await Bun.sleep(step.wait);
    else if ("after" in step) await step.after;
    else if ("stall" in step) return false;
    else {
      if (step.cut === "rst") socket.resetAndDestroy();
      else socket.end();
      return false;
    }
  }
  return true;
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done);
      socket.off("close", done);
      resolve();
    };
    socket.on("drain", done);
    socket.on("close", done);
  });
}
