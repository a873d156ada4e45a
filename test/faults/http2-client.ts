import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import type { SpokenDialect as ChatDialect } from "../e2e/spoken.ts";
import { WIRES, type AskOptions } from "./wire.ts";
import { answerText } from "../mock-upstream/event-stream-view.ts";

/** What an HTTP/2 client saw of one request. */
export interface Http2Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  /** The stream's error code; 0: it ended well. */
  reset: number;
}

/** One HTTP/2 connection without TLS, to the address of a gateway. */
export interface Http2Client {
  session: ClientHttp2Session;
  /** Error codes of the GOAWAY frames that came. */
  goaways: number[];
  /** Sends a chat and leaves its stream unread. */
  open(client: ChatDialect, model: string, options: AskOptions): ClientHttp2Stream;
  /** Sends a chat and reads its answer. */
  ask(client: ChatDialect, model: string, options: AskOptions): Promise<Http2Answer>;
  close(): void;
}

/** Opens a connection; its errors show as resets of its streams. */
export function connectHttp2(url: string): Http2Client {
  const session = connect(url);
  const goaways: number[] = [];
  session.on("error", () => {});
  session.on("goaway", (code: number) => goaways.push(code));
  const open: Http2Client["open"] = (client, model, options) => {
    const { path, body } = WIRES[client].ask(model, options);
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/json" });
    stream.on("error", () => {});
    stream.end(JSON.stringify(body));
    return stream;
  };
  return {
    session,
    goaways,
    open,
    ask: (client, model, options) => readAnswer(open(client, model, options)),
    close: () => session.destroy(),
  };
}

/** Reads a stream to its end, however it ends. */
export function readAnswer(stream: ClientHttp2Stream): Promise<Http2Answer> {
  return new Promise((resolve) => {
    let headers: Record<string, unknown> = {};
    const chunks: Buffer[] = [];
    stream.on("response", (head) => (headers = head));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("close", () => {
      const type = headers["content-type"];
      const text = answerText(typeof type === "string" ? type : "", Buffer.concat(chunks));
      resolve({ status: Number(headers[":status"] ?? 0), headers, text, reset: stream.rstCode ?? 0 });
    });
  });
}

export const CANCEL = constants.NGHTTP2_CANCEL;
