import { CASES, type Case } from "./cases.ts";
import { benchConfig, VIRTUAL_KEY, type Scale } from "./config.ts";
import { formatTable } from "./report.ts";
import { runLoad, startGateway, startNginx, startUpstream, type Server } from "./processes.ts";

/** One line of the result. */
export interface Measure {
  name: string;
  gateway: number;
  nginx: number | null;
  ratio: number | null;
  unit: string;
}

const UPSTREAM_PORT = 19_100;
const NGINX_PORT = 19_101;
const SMALL: Scale = { virtualKeys: 10, otherRules: 0 };
const LARGE: Scale = { virtualKeys: 100_000, otherRules: 1000 };
const HEADERS = { authorization: `Bearer ${VIRTUAL_KEY}` };

const isQuick = process.argv.includes("--quick");
const isJson = process.argv.includes("--json");
const WARM_MS = isQuick ? 1000 : 3000;
const RUN_MS = isQuick ? 2000 : 6000;

interface Cost {
  cpuUs: number;
  perSecond: number;
}

/** Requests per second at which plain cases are compared: what either server has to do is the same then. */
const RATE = 4000;

/** CPU per request (per event on streams) of a server under a case's load; rate 0: as much as it takes. */
async function costOf(server: Server, it: Case, path: string, rate: number): Promise<Cost> {
  const { body, connections } = it;
  const order = { port: server.port, path, body, headers: HEADERS, connections, isStream: it.events > 0, rate };
  await runLoad({ ...order, durationMs: WARM_MS });
  const before = server.cpuUs();
  const result = await runLoad({ ...order, durationMs: RUN_MS });
  if (result.failures > 0) throw new Error(`${it.name}: ${result.failures} requests failed`);
  const units = result.requests * Math.max(1, it.events);
  return { cpuUs: (server.cpuUs() - before) / units, perSecond: units / result.seconds };
}

async function measureCases(gateway: Server, nginx: Server): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const it of CASES) {
    const isStream = it.events > 0;
    const limit = await costOf(nginx, it, it.nginxPath, isStream ? 0 : RATE);
    const ours = await costOf(gateway, it, it.path, isStream ? 0 : RATE);
    const unit = isStream ? "us CPU/event" : "us CPU/request";
    measures.push({ name: it.name, gateway: ours.cpuUs, nginx: limit.cpuUs, ratio: ours.cpuUs / limit.cpuUs, unit });
    if (!isStream) measures.push(...(await measureSaturated(gateway, nginx, it)));
  }
  return measures;
}

/** As many requests as each server takes: nginx then handles dozens in a wake-up, and its CPU per request falls to a third. */
async function measureSaturated(gateway: Server, nginx: Server, it: Case): Promise<Measure[]> {
  const limit = await costOf(nginx, it, it.nginxPath, 0);
  const ours = await costOf(gateway, it, it.path, 0);
  const row = (name: string, mine: number, theirs: number, unit: string): Measure => ({
    name: `  ${name}`,
    gateway: mine,
    nginx: theirs,
    ratio: mine / theirs,
    unit,
  });
  return [
    row("saturated", ours.cpuUs, limit.cpuUs, "us CPU/request"),
    row("saturated, throughput of one core", ours.perSecond, limit.perSecond, "requests/s"),
  ];
}

/** Latency added over a direct call, one request at a time, once the gateway is warm. Runs alternate, so that noise falls on all alike. */
async function measureLatency(gateway: Server, nginx: Server): Promise<Measure[]> {
  const found = [];
  for (const it of [CASES[0], CASES[2]].filter((each) => each !== undefined)) {
    const isStream = it.events > 0;
    const order = { body: it.body, headers: HEADERS, connections: 1, durationMs: RUN_MS / 2, isStream, rate: 0 };
    await runLoad({ ...order, connections: 32, durationMs: WARM_MS, port: gateway.port, path: it.path });
    const [direct, ours, limit] = [
      await runLoad({ ...order, port: UPSTREAM_PORT, path: it.nginxPath }),
      await runLoad({ ...order, port: gateway.port, path: it.path }),
      await runLoad({ ...order, port: nginx.port, path: it.nginxPath }),
    ];
    for (const at of ["p50", "p99"] as const) {
      const added = ours[at] - direct[at];
      const nginxAdded = limit[at] - direct[at];
      const name = isStream ? `first event, added ${at}` : `relay plain 1 KB, added ${at}`;
      found.push({ name, gateway: added, nginx: nginxAdded, ratio: added / nginxAdded, unit: "ms" });
    }
  }
  return found;
}

const IDLE_STREAMS = 1000;
const FURTHER_STREAMS = 3000;

/**
 * On a gateway of its own: elsewhere its heap has room left from earlier load, and the figure would come out too small. The first
 * thousand also pays for what grows once, such as compiled code; those after it show what each stream takes.
 */
async function measureIdleStreams(upstreamUrl: string): Promise<Measure[]> {
  const gateway = await startGateway(benchConfig(upstreamUrl, SMALL));
  const body = JSON.stringify({
    model: "openai/gpt-4o-mini",
    stream: true,
    messages: [{ role: "user", content: "stay-idle" }],
  });
  const order = { port: gateway.port, path: "/v1/chat/completions", body, headers: HEADERS, isStream: true, rate: 0 };
  await runLoad({ ...order, connections: 10, durationMs: 500 });
  const idle = async (connections: number, durationMs: number): Promise<[number, Promise<unknown>]> => {
    const before = gateway.memory();
    const load = runLoad({ ...order, connections, durationMs });
    await Bun.sleep(5000);
    return [(gateway.memory() - before) / connections / 1024, load];
  };
  const [first, load] = await idle(IDLE_STREAMS, 12_000);
  const [further, more] = await idle(FURTHER_STREAMS, 6000);
  await Promise.all([load, more]);
  await gateway.stop();
  const row = (name: string, each: number): Measure => ({
    name,
    gateway: each,
    nginx: null,
    ratio: null,
    unit: "KB/stream",
  });
  return [row("1,000 idle streams", first), row("3,000 idle streams more", further)];
}

async function measureScale(upstream: string, small: number): Promise<Measure[]> {
  const it = CASES[0];
  if (it === undefined) return [];
  const gateway = await startGateway(benchConfig(upstream, LARGE));
  const { cpuUs } = await costOf(gateway, it, it.path, RATE);
  await gateway.stop();
  return [
    {
      name: "100,000 keys, 1,000 rules elsewhere, against 10 and 3",
      gateway: cpuUs,
      nginx: null,
      ratio: cpuUs / small,
      unit: "us CPU/request",
    },
  ];
}

/** Trunkline next to nginx, over sockets. */
export async function runProxyBench(): Promise<void> {
  const upstreamUrl = `http://127.0.0.1:${UPSTREAM_PORT}`;
  const upstream = await startUpstream(UPSTREAM_PORT);
  const nginx = await startNginx(NGINX_PORT, UPSTREAM_PORT);
  const gateway = await startGateway(benchConfig(upstreamUrl, SMALL));
  await Bun.sleep(1000);
  const measures: Measure[] = [
    {
      name: "idle memory, 1 data thread",
      gateway: gateway.memory() / 2 ** 20,
      nginx: nginx.memory() / 2 ** 20,
      ratio: null,
      unit: "MB",
    },
  ];
  try {
    measures.push(...(await measureLatency(gateway, nginx)));
    measures.push(...(await measureCases(gateway, nginx)));
    measures.push({
      name: "memory after all of it",
      gateway: gateway.memory() / 2 ** 20,
      nginx: nginx.memory() / 2 ** 20,
      ratio: null,
      unit: "MB",
    });
    await gateway.stop();
    measures.push(...(await measureIdleStreams(upstreamUrl)));
    const plain = measures.find(({ name }) => name === CASES[0]?.name)?.gateway ?? 0;
    if (!isQuick && !isJson) console.log(`${formatTable(measures)}\n\nand with many keys and rules:`);
    if (!isQuick) {
      const scale = await measureScale(upstreamUrl, plain);
      if (isJson) measures.push(...scale);
      else measures.splice(0, measures.length, ...scale);
    }
  } finally {
    await nginx.stop();
    upstream.kill();
  }
  console.log(isJson ? JSON.stringify(measures, null, 2) : formatTable(measures));
}
