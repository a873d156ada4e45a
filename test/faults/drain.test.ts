import { afterEach, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { chunk, LAST_CHUNK, STREAM_HEAD } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { ask, goodAnswer, PIECES, startBench, TEXT, until, type Bench, type Seen } from "./bench.ts";
import { DIALECT_NAMES } from "./bench.ts";
import { WIRES } from "./wire.ts";
import type { SpokenDialect as ChatDialect } from "../e2e/spoken.ts";

const DRAIN_MS = 2500;
const STREAMS = 8;

let bench: Bench;
afterEach(() => bench.stop());

async function start(): Promise<void> {
  bench = await startBench({
    network: { idle_timeout_ms: 20_000, first_byte_timeout_ms: 20_000 },
    config: { server: { drain_timeout_ms: DRAIN_MS } },
  });
}

/** An answer that pauses in its middle. */
function paused(dialect: ChatDialect, milliseconds: number): Step[] {
  const wire = WIRES[dialect];
  const events = wire.events(PIECES, wire.usage);
  const first = events.findIndex((event) => wire.isContent(event));
  const [before, after] = [events.slice(0, first + 2), events.slice(first + 2)];
  return [
    { write: STREAM_HEAD },
    ...before.map((event) => chunk(event)),
    { wait: milliseconds },
    ...after.map((event) => chunk(event)),
    LAST_CHUNK,
  ];
}

/** Streams of every dialect, once they flow. */
async function open(milliseconds: number): Promise<Promise<Seen>[]> {
  const before = bench.mock.requests.length;
  const streams = DIALECT_NAMES.flatMap((dialect) => {
    const model = bench.model(dialect, paused(dialect, milliseconds));
    return Array.from({ length: STREAMS }, () => ask(bench, dialect, model, { stream: true, usage: true }));
  });
  await until(() => bench.mock.requests.length >= before + streams.length, "all streams are under way");
  await Bun.sleep(100);
  return streams;
}

async function readiness(): Promise<number> {
  const answer = await fetch(`${bench.gateway.url}/readyz`, { headers: { connection: "close" } }).catch(() => null);
  return answer?.status ?? 0;
}

describe("a drain", () => {
  test("says so first, goes on serving for a while, lets everything under way end, and exits with 0", async () => {
    await start();
    expect(await readiness()).toBe(200);
    const streams = await open(1500);
    const model = bench.model("openai-chat", goodAnswer("openai-chat", false));
    bench.gateway.kill("SIGTERM");
    await until(async () => (await readiness()) === 503, "readiness flips");
    // Load balancers take a moment to notice: what they still send is served, and their connections are told to end.
    for (let at = 0; at < 50; at += 1) {
      const seen = await ask(bench, "openai-chat", model, { stream: false });
      expect(seen.reading.text).toBe(TEXT);
      expect(seen.headers.get("connection")).toBe("close");
    }
    for (const seen of await Promise.all(streams))
      expect(seen.reading).toEqual({ text: TEXT, error: null, isWhole: true, hasMark: true });
    expect(await bench.gateway.exited).toBe(0);
    expect(await bench.gateway.records(bench.ids.length)).toHaveLength(bench.ids.length);
  });

  test("under load fails no request that was sent while the process was ready", async () => {
    await start();
    const models = [false, true].map((stream) => bench.model("openai-chat", goodAnswer("openai-chat", stream)));
    const wrong: string[] = [];
    const state = { isReady: true };
    const client = async (at: number): Promise<void> => {
      const stream = at % 2 === 0;
      while (state.isReady) {
        const answer = await ask(bench, "openai-chat", models[stream ? 1 : 0] ?? "", { stream, usage: true }).catch(
          (error: unknown) => String(error),
        );
        if (typeof answer === "string") wrong.push(answer);
        else if (answer.reading.text !== TEXT) wrong.push(answer.body);
      }
    };
    const clients = Array.from({ length: 8 }, (_, at) => client(at));
    await Bun.sleep(300);
    bench.gateway.kill("SIGTERM");
    await until(async () => (await readiness()) !== 200, "readiness flips");
    state.isReady = false;
    await Promise.all(clients);
    expect(wrong).toEqual([]);
    expect(await bench.gateway.exited).toBe(0);
    expect(await bench.gateway.records(bench.ids.length)).toHaveLength(bench.ids.length);
  });

  test("ends streams with their dialect's error event at its deadline, and exits with 0", async () => {
    await start();
    const streams = await open(60_000);
    const waiting = ask(bench, "openai-chat", bench.model("openai-chat", [{ stall: true }]), { stream: false });
    bench.gateway.kill("SIGTERM");
    for (const seen of await Promise.all(streams)) {
      expect(seen.endedWell).toBe(true);
      expect(seen.reading).toMatchObject({ text: PIECES.slice(0, 2).join(""), error: { code: "draining" } });
    }
    const refused = await waiting;
    expect({ status: refused.status, code: refused.error.code }).toEqual({ status: 503, code: "draining" });
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await bench.gateway.exited).toBe(0);
    const records = await bench.gateway.records(bench.ids.length);
    expect(records.map(({ outcome }) => outcome)).toEqual(Array.from(bench.ids, () => "drained"));
  });

  test("with idle connections ends at once", async () => {
    await start();
    const { hostname, port } = new URL(bench.gateway.url);
    const idle = Array.from({ length: 20 }, () => connect(Number(port), hostname).on("error", () => {}));
    await ask(bench, "openai-chat", bench.model("openai-chat", goodAnswer("openai-chat", false)), { stream: false });
    bench.gateway.kill("SIGTERM");
    expect(await bench.gateway.exited).toBe(0);
    for (const socket of idle) socket.destroy();
  });

  test("is cut short by a second signal", async () => {
    await start();
    const streams = await open(60_000);
    bench.gateway.kill("SIGTERM");
    await until(async () => (await readiness()) === 503, "readiness flips");
    bench.gateway.kill("SIGTERM");
    const code = await Promise.race([bench.gateway.exited, Bun.sleep(DRAIN_MS - 500).then(() => "still there")]);
    expect(code).toBe(130);
    for (const seen of await Promise.all(streams.map((stream) => stream.catch(() => null))))
      expect(seen?.reading.isWhole ?? false).toBe(false);
  });
});
