import { createHash } from "node:crypto";
import { createServer, type Socket } from "node:net";

/** A WebSocket as the mock provider sees it: raw, so that it can stall, cut and lie. */
export interface MockSocket {
  path: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** Whole messages of the client. */
  messages: (string | Buffer)[];
  /** The client's close code, once it came; 1006: the connection ended without one. */
  closed: number | null;
  closedAt: number;
  text(message: unknown): void;
  binary(bytes: Uint8Array): void;
  raw(bytes: Uint8Array | string): void;
  close(code: number, reason?: string): void;
  cut(how: "fin" | "rst"): void;
  /** Stops reading. */
  pause(): void;
  resume(): void;
  /** Bytes that nobody has taken yet. */
  unread(): number;
  onMessage: (message: string | Buffer) => void;
}

export interface MockSocketServer {
  url: string;
  sockets: MockSocket[];
  /** Handshakes that came, refused ones included. */
  handshakes: number;
  stop(): Promise<void>;
}

/** Answers of a handshake in place of 101: raw bytes. */
export type Refuse = (path: string, headers: Record<string, string>) => string | null;

/** A provider of WebSockets on loopback. `opened` is called when a connection stands. */
export async function startSocketServer(
  opened: (socket: MockSocket) => void,
  refuse: Refuse = () => null,
): Promise<MockSocketServer> {
  const connections = new Set<Socket>();
  const mock: MockSocketServer = {
    url: "",
    sockets: [],
    handshakes: 0,
    stop: () =>
      new Promise((resolve) => {
        for (const connection of connections) connection.destroy();
        server.close(() => resolve());
      }),
  };
  const server = createServer((connection) => {
    connections.add(connection);
    connection.setNoDelay(true);
    connection.on("error", () => {});
    connection.on("close", () => connections.delete(connection));
    serve(connection, mock, opened, refuse);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  mock.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  return mock;
}

function serve(connection: Socket, mock: MockSocketServer, opened: (socket: MockSocket) => void, refuse: Refuse): void {
  let bytes: Buffer = Buffer.alloc(0);
  let socket: MockSocket | null = null;
  connection.on("close", () => {
    if (socket !== null && socket.closed === null) Object.assign(socket, { closed: 1006, closedAt: performance.now() });
  });
  connection.on("data", (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    if (socket === null) {
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = bytes.toString("latin1", 0, end);
      bytes = bytes.subarray(end + 4);
      const { path, headers } = parseHead(head);
      if (headers["upgrade"] === undefined) {
        connection.write("HTTP/1.1 404 X\r\ncontent-length: 0\r\n\r\n");
        return;
      }
      mock.handshakes += 1;
      const refusal = refuse(path, headers);
      if (refusal !== null) {
        connection.write(refusal);
        return;
      }
      connection.write(acceptOf(headers["sec-websocket-key"] ?? ""));
      socket = mockSocket(connection, path, headers);
      mock.sockets.push(socket);
      opened(socket);
    }
    for (let frame = nextFrame(bytes); frame !== null; frame = nextFrame(bytes)) {
      bytes = frame.rest;
      take(socket, frame, connection);
    }
  });
}

interface Frame {
  isFinal: boolean;
  opcode: number;
  payload: Buffer;
  rest: Buffer;
}

function take(socket: MockSocket, { opcode, payload }: Frame, connection: Socket): void {
  if (opcode === 8) {
    socket.closed = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    socket.closedAt = performance.now();
    connection.end(frameOf(8, payload));
    return;
  }
  if (opcode === 9) connection.write(frameOf(10, payload));
  if (opcode !== 1 && opcode !== 2) return;
  const message = opcode === 1 ? payload.toString("utf8") : payload;
  socket.messages.push(message);
  socket.onMessage(message);
}

function nextFrame(bytes: Buffer): Frame | null {
  if (bytes.length < 2) return null;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const isMasked = (second & 0x80) !== 0;
  const start = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length < start) return null;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + length) return null;
  const payload = Buffer.from(bytes.subarray(start, start + length));
  if (!isMasked) throw new Error("a client's frame must be masked");
  const mask = bytes.subarray(start - 4, start);
  for (let at = 0; at < length; at += 1) payload[at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return { isFinal: (first & 0x80) !== 0, opcode: first & 0x0f, payload, rest: bytes.subarray(start + length) };
}

/** One frame of a server. */
export function frameOf(opcode: number, payload: Uint8Array, isFinal = true): Buffer {
  const { length } = payload;
  const head = length < 126 ? Buffer.alloc(2) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = (isFinal ? 0x80 : 0) | opcode;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

function mockSocket(connection: Socket, path: string, headers: Record<string, string>): MockSocket {
  return {
    path,
    headers,
    messages: [],
    closed: null,
    closedAt: 0,
    text: (message) =>
      connection.write(frameOf(1, Buffer.from(typeof message === "string" ? message : JSON.stringify(message)))),
    binary: (bytes) => connection.write(frameOf(2, bytes)),
    raw: (bytes) => connection.write(bytes),
    close(code, reason = "") {
      const payload = Buffer.alloc(2);
      payload.writeUInt16BE(code);
      connection.write(frameOf(8, Buffer.concat([payload, Buffer.from(reason)])));
    },
    cut(how) {
      if (how === "rst") connection.resetAndDestroy();
      else connection.end();
    },
    pause: () => connection.pause(),
    resume: () => connection.resume(),
    unread: () => connection.writableLength,
    onMessage: () => {},
  };
}

function parseHead(head: string): { path: string; headers: Record<string, string> } {
  const [line = "", ...lines] = head.split("\r\n");
  const headers = lines.map((each) => [
    each.slice(0, each.indexOf(":")).toLowerCase(),
    each.slice(each.indexOf(":") + 1).trim(),
  ]);
  return { path: line.split(" ")[1] ?? "", headers: Object.fromEntries(headers) };
}

function acceptOf(key: string): string {
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  return `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`;
}
