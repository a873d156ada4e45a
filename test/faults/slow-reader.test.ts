import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { STREAM_HEAD } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { startBench, until, type Bench } from "./bench.ts";
import { PAIRS, WIRES, type Pair } from "./wire.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({
    network: { max_response_bytes: MIB, first_byte_timeout_ms: 20_000, idle_timeout_ms: IDLE_MS },
  });
});
afterAll(() => bench.stop());

const IDLE_MS = 1500;
const MIB = 1024 * 1024;
const FLOOD_BYTES = 30 * MIB;
const CLIENTS = 4;
/** For all clients of a test together, of 120 MiB that they are sent. Kernel buffers do not count here. */
const MOST_GROWTH = 64 * MIB;
const PIECE = "x".repeat(4000);

/** As many text events as make up the flood, in one write, so that the mock shows what nobody has read. */
function flood({ provider }: Pair): { steps: Step[]; length: number } {
  const wire = WIRES[provider];
  const count = Math.floor(
    FLOOD_BYTES /
      (wire.events([PIECE, PIECE], wire.usage).join("").length - wire.events([PIECE], wire.usage).join("").length),
  );
  const [head = "", ...rest] = wire.events([PIECE, PIECE], wire.usage);
  const events = [head, ...rest];
  const at = events.findIndex((event) => wire.isContent(event));
  const text = Array.from({ length: count }, () => events[at] ?? "").join("");
  const bytes = [...events.slice(0, at), text, ...events.slice(at + 1)].join("");
  const chunked = Buffer.concat([
    Buffer.from(`${STREAM_HEAD}${Buffer.byteLength(bytes).toString(16)}\r\n`),
    Buffer.from(bytes),
    Buffer.from("\r\n0\r\n\r\n"),
  ]);
  return { steps: [{ write: chunked }], length: (count + 1) * PIECE.length };
}

function rss(): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${bench.gateway.pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1024;
}

/** A client that asks for a stream and does not read it until told to. */
function open(pair: Pair, model: string): { socket: Socket; all(): Promise<string> } {
  const { path, body } = WIRES[pair.client].ask(model, { ...pair.ask, stream: true });
  const text = JSON.stringify(body);
  const { port, hostname } = new URL(bench.gateway.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
  );
  const all = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      socket.on("data", (chunk: Buffer) => chunks.push(chunk));
      socket.on("end", () => resolve(bodyOf(Buffer.concat(chunks))));
      socket.on("error", reject);
      socket.resume();
    });
  return { socket, all };
}

/** The body of a chunked answer; throws when its framing does not end as it should. */
function bodyOf(bytes: Buffer): string {
  const pieces: Buffer[] = [];
  let at = bytes.indexOf("\r\n\r\n") + 4;
  for (;;) {
    const end = bytes.indexOf("\r\n", at);
    if (end < 0) throw new Error("the answer broke off");
    const size = Number.parseInt(bytes.toString("latin1", at, end), 16);
    if (size === 0) return Buffer.concat(pieces).toString();
    pieces.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

const KINDS = PAIRS.filter(({ name }) =>
  ["openai-chat relay", "openai-chat relay without usage", "gemini of anthropic-messages"].includes(name),
);

describe.each(KINDS.map((pair) => [pair.name, pair] as const))("%s: readers that stop", (_, pair) => {
  test("pause the upstream, cost little memory, and get everything once they read on", async () => {
    const { steps, length } = flood(pair);
    const model = bench.model(pair.provider, steps);
    const before = rss();
    const clients = Array.from({ length: CLIENTS }, () => open(pair, model));
    await until(() => bench.mock.unread() > CLIENTS * 8 * MIB, "the upstream is held up");
    // Longer than the provider may be silent: that time must not run while nobody reads.
    let growth = 0;
    let unread = 0;
    for (let waited = 0; waited < 1.5 * IDLE_MS; waited += 50) {
      await Bun.sleep(50);
      growth = rss() - before;
      unread = bench.mock.unread();
    }
    expect(unread).toBeGreaterThan(CLIENTS * 8 * MIB);
    expect(growth).toBeLessThan(MOST_GROWTH);
    const texts = await Promise.all(clients.map((client) => client.all()));
    for (const text of texts) {
      expect(text.split("x".repeat(1000)).length - 1).toBe(length / 1000);
    }
    console.log(
      `${pair.name}: ${CLIENTS} stopped readers cost ${(growth / MIB).toFixed(1)} MiB, ${(unread / MIB).toFixed(0)} MiB held up`,
    );
  });

  test("and leave free the upstream at once", async () => {
    const { steps } = flood(pair);
    const model = bench.model(pair.provider, steps);
    const abandoned = bench.mock.abandoned;
    const { socket } = open(pair, model);
    await until(
      () => bench.mock.requests.some(({ body, path }) => `${body} ${path}`.includes(model.split("/")[1] ?? "")),
      "the upstream has it",
    );
    await until(() => bench.mock.unread() > 10 * MIB, "the upstream is held up");
    socket.destroy();
    await until(() => bench.mock.abandoned > abandoned, "the upstream call is closed");
  });
});
