import type { Dialect } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { DialectName } from "../../canonical/names.ts";
import type { Signer, SignerName } from "../../canonical/signer.ts";
import type { TaskDialect } from "../../canonical/task.ts";
import type { KeyHealth } from "../../domain/balance/key-health.ts";
import { QuietHealth } from "../../domain/balance/quiet-health.ts";
import type { Draw } from "../../domain/balance/weighted.ts";
import type { Catalog } from "../../domain/catalog/index.ts";
import { QuietCounters } from "../../domain/ledger/quiet-counters.ts";
import { systemClock } from "../../lib/clock.ts";
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
}

/** The formats that requests may have. */
export interface Codecs {
  dialects: ReadonlyMap<DialectName, Dialect>;
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
    catalog: parts.catalog,
    client: unreachable,
    state: NO_STATE,
    secret: "",
    record: () => {},
    report: () => {},
    isJournalFull: () => false,
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
