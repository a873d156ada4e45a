import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import type { SpokenDialect as ChatDialect } from "../e2e/spoken.ts";
import { STREAM_HEAD } from "../mock-upstream/answers.ts";
import { startBench, recordOf, until, type Bench } from "./bench.ts";
import { WIRES } from "./wire.ts";

const BODY_TIMEOUT_MS = 300;
const TRICKLE_MS = 20;
/** The shortest that the configuration takes; the server's clock for it is coarse. */
const IDLE_TIMEOUT_MS = 1000;
/** Longer than a silent connection lives. */
const LONG_MS = 9000;

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({
    network: { first_byte_timeout_ms: 30_000, idle_timeout_ms: 30_000 },
    config: { server: { port: 0, body_timeout_ms: BODY_TIMEOUT_MS, idle_timeout_ms: IDLE_TIMEOUT_MS } },
  });
});
afterAll(() => bench.stop());

/** What came over a connection, and whether the server closed it. */
interface Heard {
  socket: Socket;
  text: string;
  isClosed: boolean;
}

function open(first: string): Heard {
  const { port, hostname } = new URL(bench.gateway.url);
  const socket = connect(Number(port), hostname);
  const heard: Heard = { socket, text: "", isClosed: false };
  socket.on("error", () => {});
  socket.on("data", (bytes: Buffer) => (heard.text += bytes.toString()));
  socket.on("close", () => (heard.isClosed = true));
  socket.write(first);
  return heard;
}

/** Writes a piece again and again until the connection is closed. */
async function trickle(heard: Heard, piece: string): Promise<void> {
  while (!heard.isClosed && heard.socket.writable) {
    heard.socket.write(piece);
    await Bun.sleep(TRICKLE_MS);
  }
}

function head(client: ChatDialect, framing: string): string {
  const { path } = WIRES[client].ask("p-openai-chat/declared", { stream: false });
  const version = client === "anthropic-messages" ? "anthropic-version: 2023-06-01\r\n" : "";
  return `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${version}${framing}\r\n\r\n`;
}

async function expectTimeout(client: ChatDialect, heard: Heard): Promise<void> {
  await until(() => heard.isClosed, "the end of the connection");
  expect(heard.text).toStartWith("HTTP/1.1 408 ");
  const body = heard.text.slice(heard.text.indexOf("\r\n\r\n") + 4);
  expect(WIRES[client].readError(JSON.parse(body)).code).toBe("body_timeout");
  const id = /x-trunkline-request-id: (\S+)/i.exec(heard.text)?.[1] ?? "";
  expect(await recordOf(bench.gateway, id)).toMatchObject({
    dialect: client,
    status: 408,
    error_code: "body_timeout",
    outcome: "invalid_request",
    attempts: [],
  });
}

describe("a body that", () => {
  const clients = Object.keys(WIRES) as ChatDialect[];

  test.each(clients)("stops is a 408 in the words of %s, a record, and the end of the connection", async (client) => {
    await expectTimeout(client, open(`${head(client, "content-length: 100")}{"model":`));
  });

  test.each([
    ["of a known length", "content-length: 100000", " "],
    ["in chunks", "transfer-encoding: chunked", "1\r\n \r\n"],
  ])("trickles %s", async (_, framing, piece) => {
    const heard = open(head("openai-chat", framing));
    await Promise.all([trickle(heard, piece), expectTimeout("openai-chat", heard)]);
  });
});

describe("a connection that says nothing", () => {
  test("after a request is closed", async () => {
    const heard = open("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
    await until(() => heard.isClosed, "the end of the connection", 20);
    expect(heard.text).toStartWith("HTTP/1.1 200 ");
  }, 30_000);

  test("while its request is served lives on: an answer and a stream that take long", async () => {
    const wire = WIRES["openai-chat"];
    const [first = "", ...rest] = wire.events(["Hel", "lo"], wire.usage);
    const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
    const streaming = bench.model("openai-chat", [
      { write: STREAM_HEAD + chunk(first + (rest[0] ?? "")) },
      { wait: LONG_MS },
      { write: `${chunk(rest.slice(1).join(""))}0\r\n\r\n` },
    ]);
    const answer = JSON.stringify(wire.whole("Hello", wire.usage));
    const whole = bench.model("openai-chat", [
      { wait: LONG_MS },
      {
        write: `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
      },
    ]);
    const ask = (model: string, stream: boolean): Promise<string> =>
      fetch(`${bench.gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(wire.ask(model, { stream }).body),
      }).then((response) => response.text());
    const [streamed, plain] = await Promise.all([ask(streaming, true), ask(whole, false)]);
    expect(wire.readStream(streamed)).toMatchObject({ text: "Hello", isWhole: true });
    expect(wire.readWhole(JSON.parse(plain))).toBe("Hello");
  }, 30_000);
});
