import { CASES } from "./cases.ts";
import { benchConfig, type Scale } from "./config.ts";
import { costOf, measureCases, RATE, type Servers } from "./cost.ts";
import { measureIdleStreams } from "./idle-streams.ts";
import { measureLatency } from "./latency.ts";
import { measure, type Measure } from "./measure.ts";
import { startBareProxy, startGateway, startNginx, startUpstream } from "./processes.ts";
import { formatTable } from "./report.ts";
import { isQuick } from "./run-length.ts";

const UPSTREAM_PORT = 19_100;
const NGINX_PORT = 19_101;
const UPSTREAM_URL = `http://127.0.0.1:${UPSTREAM_PORT}`;
const SMALL: Scale = { virtualKeys: 10, otherRules: 0 };
const MIB = 2 ** 20;
const LARGE: Scale = { virtualKeys: 100_000, otherRules: 1000 };

const isJson = process.argv.includes("--json");

/** Trunkline next to nginx and to a bare proxy, over sockets. */
export async function runProxyBench(): Promise<void> {
  const upstream = await startUpstream(UPSTREAM_PORT);
  const servers: Servers = {
    nginx: await startNginx(NGINX_PORT, UPSTREAM_PORT),
    bare: await startBareProxy(UPSTREAM_URL),
    gateway: await startGateway(benchConfig(UPSTREAM_URL, SMALL)),
  };
  await Bun.sleep(1000);
  try {
    const measures = await measureSmall(servers);
    if (!isJson) console.log(formatTable(measures));
    const scale = isQuick ? [] : await measureScale(measures);
    if (isJson) console.log(JSON.stringify([...measures, ...scale], null, 2));
    else if (scale.length > 0) console.log(`\nand with many keys and rules:\n${formatTable(scale)}`);
  } finally {
    await Promise.all([servers.nginx.stop(), servers.bare.stop()]);
    upstream.kill();
  }
}

async function measureSmall(servers: Servers): Promise<Measure[]> {
  const measures = [memoryOf("idle memory, 1 data thread", servers)];
  measures.push(...(await measureCases(servers)));
  measures.push(...(await measureLatency(servers, UPSTREAM_PORT)));
  measures.push(memoryOf("memory after all of it", servers));
  await servers.gateway.stop();
  measures.push(...(await measureIdleStreams(UPSTREAM_URL, SMALL)));
  return measures;
}

function memoryOf(name: string, { gateway, nginx, bare }: Servers): Measure {
  const figures = { gateway: gateway.memory(), nginx: nginx.memory(), bare: bare.memory() };
  return measure(name, "MB", { gateway: figures.gateway / MIB, nginx: figures.nginx / MIB, bare: figures.bare / MIB });
}

/** The same request with much configuration of others; the ratio is to the small configuration. */
async function measureScale(measures: readonly Measure[]): Promise<Measure[]> {
  const it = CASES[0];
  const small = measures.find(({ name }) => name === it?.name)?.gateway;
  if (it === undefined || small === undefined) return [];
  const gateway = await startGateway(benchConfig(UPSTREAM_URL, LARGE));
  const { cpuUs } = await costOf(gateway, it, it.path, RATE);
  await gateway.stop();
  const row = measure("100,000 keys, 1,000 rules elsewhere, against 10 and 3", "us CPU/request", { gateway: cpuUs });
  return [{ ...row, ratio: cpuUs / small }];
}
