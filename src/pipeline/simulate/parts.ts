import type { ChatProviderSide, Dialect } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { DialectName } from "../../canonical/names.ts";
import type { Signer, SignerName } from "../../canonical/signer.ts";
import type { TaskDialect } from "../../canonical/task.ts";
import { RetryBudget } from "../../domain/attempt/retry-budget.ts";
import type { KeyHealth } from "../../domain/balance/key-health.ts";
import { Latencies } from "../../domain/balance/latencies.ts";
import { QuietHealth } from "../../domain/balance/quiet-health.ts";
import { StickyTable } from "../../domain/balance/sticky-table.ts";
import type { Draw } from "../../domain/balance/weighted.ts";
import type { Catalog } from "../../domain/catalog/index.ts";
import { SessionMemory } from "../../domain/classify/session-memory.ts";
import { VectorShelf } from "../../domain/classify/vector-shelf.ts";
import { QuietCounters } from "../../domain/ledger/quiet-counters.ts";
import { Bells } from "../../domain/load/bells.ts";
import { Crowd } from "../../domain/load/crowd.ts";
import { Gates } from "../../domain/load/gates.ts";
import { systemClock } from "../../lib/clock.ts";
import { KeptTexts } from "../classify/kept-texts.ts";
import type { Runtime } from "../runtime.ts";
import type { Snapshot } from "../snapshot.ts";
import type { StateClient } from "../state-client.ts";

/** A configuration and the figures to decide by. */
export interface DecisionParts {
  snapshot: Snapshot;
  catalog: Catalog;
  health: KeyHealth;
  /** Memory of the health of targets. */
  targets: SharedArrayBuffer;
  /** Memory of the ledger. */
  ledger: readonly SharedArrayBuffer[];
  /** Memory of where sessions were served last. */
  sessions: SharedArrayBuffer;
}

/** The formats that requests may have. */
export interface Codecs {
  dialects: ReadonlyMap<DialectName, Dialect>;
  chatProviders: ReadonlyMap<DialectName, ChatProviderSide>;
  taskDialects: ReadonlyMap<DialectName, TaskDialect>;
  signers: ReadonlyMap<SignerName, Signer>;
}

/** A runtime that sees all live figures, changes none of them, and reaches nobody. */
export function quietRuntime(parts: DecisionParts, codecs: Codecs, draw: Draw): Runtime {
  return {
    ...codecs,
    thread: 0,
    clock: systemClock,
    draw,
    counters: new QuietCounters(parts.ledger),
    health: parts.health,
    targets: new QuietHealth(parts.targets),
    sessions: new StickyTable(parts.sessions),
    ...nobodyElse(),
    catalog: parts.catalog,
    client: unreachable,
    state: NO_STATE,
    secret: "",
    record: () => {},
    report: () => {},
    isJournalFull: () => false,
  };
}

/** What only calls use, and what conversations keep of their classifications: memory that nobody else sees. */
function nobodyElse() {
  return {
    latencies: new Latencies(Latencies.createMemory(1)),
    retries: new RetryBudget(RetryBudget.createMemory(1)),
    gates: new Gates(new Bells(Bells.createMemory()), 0),
    crowd: new Crowd(Crowd.createMemory()),
    seat: 0,
    classified: new SessionMemory(SessionMemory.createMemory(64)),
    sessionSecret: 0n,
    vectors: new VectorShelf(),
    texts: new KeptTexts(),
  };
}

function unreachable(): never {
  throw new GatewayError("invalid_request", "a simulation calls nobody");
}

const NO_STATE: StateClient = {
  ask: unreachable,
  upload: unreachable,
  defer: unreachable,
  bytes: unreachable,
  keep: unreachable,
};
