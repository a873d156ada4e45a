import { CASES, type Case } from "./cases.ts";
import { HEADERS, type Servers } from "./cost.ts";
import type { LoadResult } from "./load.ts";
import { measure, type Measure } from "./measure.ts";
import { runLoad } from "./processes.ts";
import { LATENCY_MS, LATENCY_ROUNDS, WARM_MS } from "./run-length.ts";

type Point = "p50" | "p99";
type Rounds = Record<"direct" | keyof Servers, LoadResult[]>;

/** Latency added over a direct call, one request at a time. Comes last: all are warm by then. */
export async function measureLatency(servers: Servers, upstreamPort: number): Promise<Measure[]> {
  const found: Measure[] = [];
  for (const it of [CASES[0], CASES[2]].filter((each) => each !== undefined)) {
    const rounds = await roundsOf(servers, upstreamPort, it);
    const name = it.events > 0 ? "first event, added" : "relay plain 1 KB, added";
    for (const point of ["p50", "p99"] as const) found.push(measure(`${name} ${point}`, "ms", addedAt(rounds, point)));
  }
  return found;
}

/** Runs take turns, so that noise falls on all alike. */
async function roundsOf({ gateway, nginx, bare }: Servers, upstreamPort: number, it: Case): Promise<Rounds> {
  const order = { body: it.body, headers: HEADERS, isStream: it.events > 0, rate: 0 };
  for (const server of [gateway, bare])
    await runLoad({ ...order, connections: 32, durationMs: WARM_MS, port: server.port, path: it.path });
  const once = (port: number, path: string): Promise<LoadResult> =>
    runLoad({ ...order, connections: 1, durationMs: LATENCY_MS, port, path });
  const rounds: Rounds = { direct: [], gateway: [], nginx: [], bare: [] };
  for (let round = 0; round < LATENCY_ROUNDS; round += 1) {
    rounds.direct.push(await once(upstreamPort, it.nginxPath));
    rounds.gateway.push(await once(gateway.port, it.path));
    rounds.nginx.push(await once(nginx.port, it.nginxPath));
    rounds.bare.push(await once(bare.port, it.path));
  }
  return rounds;
}

function addedAt(rounds: Rounds, point: Point): Record<keyof Servers, number> {
  const direct = medianOf(rounds.direct, point);
  return {
    gateway: medianOf(rounds.gateway, point) - direct,
    nginx: medianOf(rounds.nginx, point) - direct,
    bare: medianOf(rounds.bare, point) - direct,
  };
}

function medianOf(results: readonly LoadResult[], point: Point): number {
  const values = results.map((result) => result[point]).toSorted((one, other) => one - other);
  return values[Math.floor(values.length / 2)] ?? 0;
}
