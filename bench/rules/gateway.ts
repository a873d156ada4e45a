import { chatProviders, dialects, taskDialects } from "../../src/compose/dialects.ts";
import { manifests } from "../../src/compose/providers.ts";
import { buildSnapshot } from "../../src/control/build-snapshot.ts";
import { KeySlots } from "../../src/control/key-slots.ts";
import { LoadSlots } from "../../src/control/load-slots.ts";
import { LedgerSlots } from "../../src/control/ledger-slots.ts";
import { TargetSlots } from "../../src/control/target-slots.ts";
import { RetryBudget } from "../../src/domain/attempt/retry-budget.ts";
import { Latencies } from "../../src/domain/balance/latencies.ts";
import { seeded } from "../../src/domain/balance/fixtures/seeded.ts";
import { KeyHealth } from "../../src/domain/balance/key-health.ts";
import { StickyTable } from "../../src/domain/balance/sticky-table.ts";
import { TargetHealth } from "../../src/domain/balance/target-health.ts";
import { SessionMemory } from "../../src/domain/classify/session-memory.ts";
import { VectorShelf } from "../../src/domain/classify/vector-shelf.ts";
import { openCatalog } from "../../src/domain/catalog/index.ts";
import { loadConfig } from "../../src/domain/config/index.ts";
import { Bells } from "../../src/domain/load/bells.ts";
import { Crowd } from "../../src/domain/load/crowd.ts";
import { Gates } from "../../src/domain/load/gates.ts";
import { Counters } from "../../src/domain/ledger/counters.ts";
import { beginRequest } from "../../src/ingress/http/begin-request.ts";
import { parseBody } from "../../src/ingress/http/parse-body.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { KeptTexts } from "../../src/pipeline/classify/kept-texts.ts";
import type { RequestContext } from "../../src/pipeline/context.ts";
import type { Runtime } from "../../src/pipeline/runtime.ts";
import { Snapshot } from "../../src/pipeline/snapshot.ts";
import { decode } from "../../src/pipeline/stage/decode.ts";

const catalog = openCatalog();

function nothing(): never {
  throw new Error("the bench makes no calls");
}

/** What a request of the bench finds: a configuration compiled as a data thread compiles it, with its memory, without a network. */
export class BenchGateway {
  private readonly snapshot: Snapshot;
  private readonly runtime: Runtime;

  constructor(config: unknown) {
    const env = {};
    const loaded = loadConfig({ text: JSON.stringify(config), env, manifests });
    const counters = new Counters([]);
    const ledger = new LedgerSlots(
      () => counters,
      () => [],
    );
    const [keys, targets, load] = [new KeySlots(), new TargetSlots(), new LoadSlots()];
    const sources = { version: 1, config: loaded.config, manifests, env, hostedUrl: null, hostedPrices: {} };
    this.snapshot = new Snapshot(
      buildSnapshot({ ...sources, ledger, keys, targets, load, guard: { stopOf: () => null } }),
      catalog,
    );
    counters.extend(ledger.segments);
    this.runtime = {
      thread: 0,
      clock: systemClock,
      draw: seeded(1),
      counters,
      health: new KeyHealth(keys.memory),
      targets: new TargetHealth(targets.memories.targetHealth),
      latencies: new Latencies(targets.memories.latencies),
      retries: new RetryBudget(targets.memories.retryBudget),
      gates: new Gates(new Bells(load.bells), 0),
      crowd: new Crowd(load.crowd),
      seat: 0,
      classified: new SessionMemory(SessionMemory.createMemory(1024)),
      sessionSecret: 0n,
      vectors: new VectorShelf(),
      texts: new KeptTexts(),
      sessions: new StickyTable(StickyTable.createMemory()),
      catalog,
      dialects,
      chatProviders,
      taskDialects,
      signers: new Map(),
      secret: "",
      state: { ask: nothing, bytes: nothing, stream: nothing } as unknown as Runtime["state"],
      client: nothing,
      record: nothing,
      report: nothing,
      isJournalFull: () => false,
    };
  }

  /** Lets some calls go well and some fail, so that the health of targets has something to tell. */
  warm(names: readonly string[]): void {
    const { targets, clock } = this.runtime;
    for (const name of names) {
      const slot = this.snapshot.targetSlots.get(name)?.slot ?? 0;
      for (let call = 0; call < 40; call += 1) {
        const begun = targets.begin(slot);
        if (call % 10 === 0) targets.fail(slot, 20, true, clock.wall());
        else targets.succeed(slot, begun, { whole: 40 + call, perToken: 2, outputTokens: 50 }, clock.wall());
      }
    }
  }

  /** A request that is decoded and stands before the stage `route`. */
  request(body: string, headers: Record<string, string>): RequestContext {
    const known = new Headers(headers);
    const context = beginRequest(this.runtime, this.snapshot, {
      operation: "chat",
      dialect: "openai-chat",
      headers: known,
    });
    const parsed = parseBody(Buffer.from(body));
    if (parsed instanceof Promise) throw new Error("the bench's body is read at once");
    context.arrival.body = parsed;
    context.arrival.bodyLength = body.length;
    void decode.admit?.(context);
    return context;
  }
}
