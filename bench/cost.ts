import { CASES, type Case } from "./cases.ts";
import { VIRTUAL_KEY } from "./config.ts";
import { measure, type Measure } from "./measure.ts";
import { runLoad, type Server } from "./processes.ts";
import { RUN_MS, WARM_MS } from "./run-length.ts";

/** Who is measured in one run, all on the same core. */
export interface Servers {
  gateway: Server;
  nginx: Server;
  bare: Server;
}

export const HEADERS = { authorization: `Bearer ${VIRTUAL_KEY}` };

/** Requests per second at which plain cases are compared: what each server has to do is the same then. */
export const RATE = 4000;

interface Cost {
  cpuUs: number;
  perSecond: number;
}

/** CPU per request (per event on streams) of a server under a case's load; rate 0: as much as it takes. */
export async function costOf(server: Server, it: Case, path: string, rate: number): Promise<Cost> {
  const { body, connections } = it;
  const order = { port: server.port, path, body, headers: HEADERS, connections, isStream: it.events > 0, rate };
  await runLoad({ ...order, durationMs: WARM_MS });
  const before = server.cpuUs();
  const result = await runLoad({ ...order, durationMs: RUN_MS });
  if (result.failures > 0) throw new Error(`${it.name}: ${result.failures} requests failed`);
  const units = result.requests * Math.max(1, it.events);
  return { cpuUs: (server.cpuUs() - before) / units, perSecond: units / result.seconds };
}

/** What each case costs, at an equal rate and, where it is plain, under as much load as a server takes. */
export async function measureCases(servers: Servers): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const it of CASES) {
    const isStream = it.events > 0;
    const costs = await costsOf(servers, it, isStream ? 0 : RATE);
    measures.push(measure(it.name, isStream ? "us CPU/event" : "us CPU/request", mapped(costs, "cpuUs")));
    if (isStream) continue;
    const saturated = await costsOf(servers, it, 0);
    measures.push(
      measure("  saturated", "us CPU/request", mapped(saturated, "cpuUs")),
      measure("  saturated, throughput of one core", "requests/s", mapped(saturated, "perSecond")),
    );
  }
  return measures;
}

type Costs = Record<"gateway" | "nginx", Cost> & { bare: Cost | null };

/** Neither of the others translates: nginx relays the same traffic in the upstream's dialect, as the limit to compare with. */
async function costsOf({ gateway, nginx, bare }: Servers, it: Case, rate: number): Promise<Costs> {
  return {
    nginx: await costOf(nginx, it, it.nginxPath, rate),
    gateway: await costOf(gateway, it, it.path, rate),
    bare: it.path === it.nginxPath ? await costOf(bare, it, it.path, rate) : null,
  };
}

function mapped(
  { gateway, nginx, bare }: Costs,
  field: keyof Cost,
): Record<"gateway" | "nginx", number> & { bare: number | null } {
  return { gateway: gateway[field], nginx: nginx[field], bare: bare === null ? null : bare[field] };
}
