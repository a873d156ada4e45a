import type { ChatProviderSide, Dialect } from "../canonical/dialect.ts";
import type { DialectName } from "../canonical/names.ts";
import type { Draw } from "../domain/balance/weighted.ts";
import type { KeyHealth } from "../domain/balance/key-health.ts";
import type { TargetHealth } from "../domain/balance/target-health.ts";
import type { Signer, SignerName } from "../canonical/signer.ts";
import type { TaskDialect } from "../canonical/task.ts";
import type { RequestRecord } from "../canonical/record.ts";
import type { Counters } from "../domain/ledger/counters.ts";
import type { Catalog } from "../domain/catalog/index.ts";
import type { StateClient } from "./state-client.ts";
import type { Clock } from "../lib/clock.ts";
import type { HttpClient } from "../lib/http-client/index.ts";

/** What a data thread has for all its requests. */
export interface Runtime {
  thread: number;
  clock: Clock;
  draw: Draw;
  counters: Counters;
  health: KeyHealth;
  targets: TargetHealth;
  catalog: Catalog;
  /** A client per set of trusted certificate authorities; null: the system's. */
  client(ca: string | null): HttpClient;
  dialects: ReadonlyMap<DialectName, Dialect>;
  /** All wires over which providers do chat: the dialects, and those that no client speaks. */
  chatProviders: ReadonlyMap<DialectName, ChatProviderSide>;
  /** All dialects as far as they serve operations beside chat. */
  taskDialects: ReadonlyMap<DialectName, TaskDialect>;
  signers: ReadonlyMap<SignerName, Signer>;
  /** What outlives a request. */
  state: StateClient;
  /** Tells that a request is this process's own. */
  secret: string;
  /** Appends a record before the client sees the end of the response; throws when it cannot. */
  record(record: RequestRecord): void;
  /** Notes a fault of the gateway itself in the process log. */
  report(error: unknown): void;
  /** True while the journal has no room for new requests. */
  isJournalFull(maxBytes: number): boolean;
}
