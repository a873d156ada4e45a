import type { Socket } from "bun";
import { plainAnswer, streamEvents } from "./answers.ts";

/** The mock upstream of the bench: raw HTTP/1.1 on one port, cheap enough that the gateway is the bottleneck. */

const EVENTS = 200;
const PAUSE_MS = 2;

interface State {
  pending: Buffer;
}

const http = (head: string, body: string): Buffer => Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}`);
const chunk = (data: string): Buffer => Buffer.from(`${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`);

const PLAIN = new Map(
  ["/messages", "/chat"].map((path) => {
    const body = plainAnswer(path);
    return [path, http(`content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`, body)];
  }),
);
const STREAMS = new Map(["/messages", "/chat"].map((path) => [path, streamEvents(path, EVENTS).map(chunk)]));
const STREAM_HEAD = Buffer.from(
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
);
const LAST = Buffer.from("0\r\n\r\n");

/** Streams under way, advanced together: one timer for all, each stream one event a tick. */
const running = new Map<Socket<State>, { events: Buffer[]; next: number }>();
/** Requests whose body asks for it get one event and then silence. */
const IDLE_MARK = "stay-idle";

setInterval(() => {
  for (const [socket, stream] of running) {
    const event = stream.events[stream.next];
    stream.next += 1;
    if (event !== undefined) socket.write(event);
    else {
      socket.write(LAST);
      running.delete(socket);
    }
  }
}, PAUSE_MS);

function answer(socket: Socket<State>, head: string, body: Buffer): void {
  const kind = head.includes("/messages") ? "/messages" : "/chat";
  const text = body.toString("latin1");
  if (!text.includes('"stream":true')) {
    socket.write(PLAIN.get(kind) ?? LAST);
    return;
  }
  socket.write(STREAM_HEAD);
  const events = STREAMS.get(kind) ?? [];
  if (text.includes(IDLE_MARK)) socket.write(Buffer.concat(events.slice(0, 2)));
  else running.set(socket, { events, next: 0 });
}

function take(socket: Socket<State>, data: Buffer): void {
  let bytes = socket.data.pending.length === 0 ? data : Buffer.concat([socket.data.pending, data]);
  for (;;) {
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) break;
    const head = bytes.toString("latin1", 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (bytes.length < end + 4 + length) break;
    answer(socket, head, bytes.subarray(end + 4, end + 4 + length));
    bytes = bytes.subarray(end + 4 + length);
  }
  socket.data.pending = bytes.length === 0 ? bytes : Buffer.from(bytes);
}

Bun.listen<State>({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  socket: {
    open: (socket) => {
      socket.data = { pending: Buffer.alloc(0) };
      socket.setNoDelay(true);
    },
    data: take,
    close: (socket) => void running.delete(socket),
    error: (socket) => void running.delete(socket),
  },
});
console.log("ready");
