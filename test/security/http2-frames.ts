import { connect } from "node:net";

/** Types of HTTP/2 frames: https://www.rfc-editor.org/rfc/rfc9113#section-6 */
export const FRAMES = { data: 0, headers: 1, rst: 3, settings: 4, ping: 6, goaway: 7, window: 8, continuation: 9 };

const END_STREAM = 1;
const END_HEADERS = 4;

/** One frame; `flags` as on the wire. */
export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** How a connection begins. */
export const PREFACE = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(FRAMES.settings, 0, 0)]);

export type Field = [name: string, value: string];

/** A header block of literal fields that are not indexed: https://www.rfc-editor.org/rfc/rfc7541#section-6.2.2 */
export function block(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), literal(name), literal(value)]));
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  return Buffer.concat([integer(bytes.length), bytes]);
}

/** With a prefix of seven bits: https://www.rfc-editor.org/rfc/rfc7541#section-5.1 */
function integer(value: number): Buffer {
  if (value < 127) return Buffer.of(value);
  const out = [127];
  let rest = value - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  return Buffer.of(...out, rest);
}

/** The head of a request without a body, or with one to come. */
export function head(fields: readonly Field[], stream = 1, hasBody = false): Buffer {
  return frame(FRAMES.headers, END_HEADERS | (hasBody ? 0 : END_STREAM), stream, block(fields));
}

/** The last piece of a body. */
export function body(text: string, stream = 1): Buffer {
  return frame(FRAMES.data, END_STREAM, stream, Buffer.from(text));
}

/** What came back on a connection. */
export interface FramesBack {
  /** Streams whose answer began. */
  answered: number[];
  /** Error codes of the streams that were reset. */
  resets: Map<number, number>;
  goaway: number | null;
  text: string;
  isClosed: boolean;
}

/** Sends bytes after the preface and reads until the connection closes or `quietMs` pass without another byte. */
export function sendFrames(url: string, frames: readonly Buffer[], quietMs = 250): Promise<FramesBack> {
  const { hostname, port } = new URL(url);
  const back: FramesBack = { answered: [], resets: new Map(), goaway: null, text: "", isClosed: false };
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let held: Buffer = Buffer.alloc(0);
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(back);
    };
    let timer = setTimeout(finish, 5000);
    socket.on("error", () => {});
    socket.on("close", () => {
      back.isClosed = true;
      finish();
    });
    socket.on("data", (bytes: Buffer) => {
      held = takeFrames(Buffer.concat([held, bytes]), back);
      clearTimeout(timer);
      timer = setTimeout(finish, quietMs);
    });
    socket.write(Buffer.concat([PREFACE, ...frames]));
  });
}

/** Reads the frames that are whole; the rest comes back. */
function takeFrames(bytes: Buffer, back: FramesBack): Buffer {
  let at = 0;
  while (bytes.length - at >= 9) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    take(bytes[at + 3] ?? 0, bytes.readUInt32BE(at + 5), bytes.subarray(at + 9, end), back);
    at = end;
  }
  return bytes.subarray(at);
}

function take(type: number, stream: number, payload: Buffer, back: FramesBack): void {
  if (type === FRAMES.headers) back.answered.push(stream);
  if (type === FRAMES.data) back.text += payload.toString();
  if (type === FRAMES.rst) back.resets.set(stream, payload.readUInt32BE(0));
  if (type === FRAMES.goaway) back.goaway = payload.readUInt32BE(4);
}
