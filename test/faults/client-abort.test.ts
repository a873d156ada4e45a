import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { Database } from "bun:sqlite";
import { join } from "node:path";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { chunk, jsonAnswer, STREAM_HEAD } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { ask, FULL_TOKENS, goodAnswer, PIECES, startBench, TEXT, until, type Bench } from "./bench.ts";
import { PAIRS, WIRES, type Pair } from "./wire.ts";

let bench: Bench;
beforeAll(async () => {
  const network = {
    first_byte_timeout_ms: 60_000,
    idle_timeout_ms: 60_000,
    max_retries: 3,
    backoff_initial_ms: 60_000,
    backoff_max_ms: 60_000,
  };
  bench = await startBench({ keys: 420, network });
});
afterAll(() => bench.stop());

const STALL: Step = { stall: true };

interface Leave {
  name: string;
  stream: boolean;
  steps: Step[];
  /** The client leaves when it has read this many content events; 0: when the upstream has the request. */
  after: number;
  /** Before anything else can have come: also before the gateway has had a look at the client. */
  isHasty?: boolean;
  /** The upstream call is over by then. */
  isIdle?: boolean;
}

function leaves({ provider }: Pair): Leave[] {
  const wire = WIRES[provider];
  const events = wire.events(PIECES, wire.usage);
  const first = events.findIndex((event) => wire.isContent(event));
  const upTo = (count: number): Step[] => [
    { write: STREAM_HEAD },
    ...events.slice(0, count).map((event) => chunk(event)),
    STALL,
  ];
  return [
    { name: "before a whole answer", stream: false, steps: [STALL], after: 0 },
    { name: "before a whole answer, at once", stream: false, steps: [STALL], after: 0, isHasty: true },
    { name: "before a stream", stream: true, steps: [STALL], after: 0 },
    { name: "before a stream, at once", stream: true, steps: [STALL], after: 0, isHasty: true },
    { name: "after the head of a stream", stream: true, steps: upTo(0), after: 0 },
    ...PIECES.slice(0, 3).map((_, at) => ({
      name: `after ${at + 1} pieces of a stream`,
      stream: true,
      steps: upTo(first + at + 1),
      after: at + 1,
    })),
    {
      name: "while waiting for a retry",
      stream: false,
      steps: jsonAnswer(wire.errorBody(500, "out of order"), 500),
      after: 0,
      isIdle: true,
    },
  ];
}

/** Sends a request and leaves at its time, by closing the connection. */
async function askAndLeave(pair: Pair, model: string, leave: Leave, key: string): Promise<void> {
  const { path, body } = WIRES[pair.client].ask(model, { ...pair.ask, stream: leave.stream, maxTokens: FULL_TOKENS });
  const text = JSON.stringify(body);
  const { port, hostname } = new URL(bench.gateway.url);
  const socket = connect(Number(port), hostname);
  let received = "";
  socket.on("data", (bytes: Buffer) => {
    received += bytes.toString();
  });
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nx-trunkline-key: ${key}\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
  );
  const name = model.split("/")[1] ?? "";
  await until(
    () =>
      bench.mock.requests.some(
        (request) =>
          request.body.includes(`"${name}"`) || request.path.includes(`${name}:`) || request.path.includes(`/${name}/`),
      ),
    "the upstream has the request",
  );
  if (leave.after > 0)
    await until(() => received.includes(JSON.stringify(PIECES[leave.after - 1])), "the client has the text");
  // What the upstream sent must have reached the gateway too.
  if (leave.isHasty !== true) await Bun.sleep(30);
  socket.destroy();
}

/** All records of a virtual key. */
function recordsOf(key: string): RequestRecord[] {
  const name = /^sk-tl-(key-\d+)-/.exec(key)?.[1] ?? "";
  const database = new Database(join(bench.gateway.dir, "data", "trunkline.db"), { readonly: true });
  try {
    const rows = database
      .query<{ record: string }, [string]>("SELECT record FROM request_logs WHERE virtual_key = ? ORDER BY time, id")
      .all(name);
    return rows.map(({ record }) => JSON.parse(record) as RequestRecord);
  } finally {
    database.close();
  }
}

describe.each(PAIRS.map((pair) => [pair.name, pair] as const))("%s: the client goes away", (_, pair) => {
  test.each(leaves(pair).map((leave) => [leave.name, leave] as const))("%s", async (_name, leave) => {
    const key = bench.key();
    const abandoned = bench.mock.abandoned;
    await askAndLeave(pair, bench.model(pair.provider, leave.steps), leave, key);
    if (leave.isIdle !== true) await until(() => bench.mock.abandoned > abandoned, "the upstream call is closed");
    await until(() => recordsOf(key).length > 0, "the record is written");
    expect(recordsOf(key)).toHaveLength(1);
    expect(recordsOf(key)[0]).toMatchObject({
      outcome: "client_aborted",
      status: 499,
      error_code: "client_aborted",
      stream: leave.stream,
    });
    const hasContent = leave.after > 0;
    expect((recordsOf(key)[0]?.output_tokens ?? 0) > 0).toBe(hasContent);
    expect((recordsOf(key)[0]?.cost_nano_usd ?? 0) > 0).toBe(hasContent);
    const good = bench.model(pair.provider, goodAnswer(pair.provider, false));
    const second = await ask(bench, pair.client, good, { stream: false, maxTokens: FULL_TOKENS, key });
    expect(second.reading.text).toBe(TEXT);
    expect(second.headers.get("x-trunkline-warnings") ?? "").not.toContain("changed_field");
  });
});

test("within its request, it costs nothing", async () => {
  const { port, hostname } = new URL(bench.gateway.url);
  const before = bench.mock.requests.length;
  for (let round = 0; round < 50; round += 1) {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{"model":"p-openai-chat/x","messages":[`,
    );
    await Bun.sleep(round % 3);
    socket.destroy();
  }
  const good = bench.model("openai-chat", goodAnswer("openai-chat", false));
  expect((await ask(bench, "openai-chat", good, { stream: false })).reading.text).toBe(TEXT);
  expect(bench.mock.requests.length).toBe(before + 1);
  expect(bench.gateway.log()).not.toContain("ERROR");
});
