import { benchConfig, type Scale } from "./config.ts";
import { HEADERS } from "./cost.ts";
import { measure, type Measure } from "./measure.ts";
import { runLoad, startGateway } from "./processes.ts";

const FIRST = 1000;
const FURTHER = 3000;
/** Until they are all open and the heap has come to rest. */
const SETTLE_MS = 5000;

/**
 * Memory of streams that say nothing. On a gateway of its own, which has done nothing yet: elsewhere its heap has room left
 * from earlier load, and the figure would come out too small. The first thousand also pays for what grows once, such as
 * compiled code; those after it show what each stream takes.
 */
export async function measureIdleStreams(upstreamUrl: string, scale: Scale): Promise<Measure[]> {
  const gateway = await startGateway(benchConfig(upstreamUrl, scale));
  const body = JSON.stringify({
    model: "openai/gpt-4o-mini",
    stream: true,
    messages: [{ role: "user", content: "stay-idle" }],
  });
  const order = { port: gateway.port, path: "/v1/chat/completions", body, headers: HEADERS, isStream: true, rate: 0 };
  await runLoad({ ...order, connections: 10, durationMs: 500 });
  const before = gateway.memory();
  const loads = [runLoad({ ...order, connections: FIRST, durationMs: 12_000 })];
  await Bun.sleep(SETTLE_MS);
  const some = gateway.memory();
  loads.push(runLoad({ ...order, connections: FURTHER, durationMs: 6000 }));
  await Bun.sleep(SETTLE_MS);
  const all = gateway.memory();
  await Promise.all(loads);
  await gateway.stop();
  const row = (name: string, bytes: number, streams: number): Measure =>
    measure(name, "KB/stream", { gateway: bytes / streams / 1024 });
  return [
    row("1,000 idle streams", some - before, FIRST),
    row("3,000 idle streams more", all - some, FURTHER),
    row("all 4,000", all - before, FIRST + FURTHER),
  ];
}
