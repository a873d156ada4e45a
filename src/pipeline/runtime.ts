import type { ChatProviderSide, Dialect } from "../canonical/dialect.ts";
import type { DialectName } from "../canonical/names.ts";
import type { Draw } from "../domain/balance/weighted.ts";
import type { KeyHealth } from "../domain/balance/key-health.ts";
import type { Latencies } from "../domain/balance/latencies.ts";
import type { RetryBudget } from "../domain/attempt/retry-budget.ts";
import type { StickyTable } from "../domain/balance/sticky-table.ts";
import type { TargetHealth } from "../domain/balance/target-health.ts";
import type { Signer, SignerName } from "../canonical/signer.ts";
import type { TaskDialect } from "../canonical/task.ts";
import type { Crowd } from "../domain/load/crowd.ts";
import type { Gates } from "../domain/load/gates.ts";
import type { RequestRecord } from "../canonical/record.ts";
import type { Counters } from "../domain/ledger/counters.ts";
import type { SessionMemory } from "../domain/classify/session-memory.ts";
import type { VectorShelf } from "../domain/classify/vector-shelf.ts";
import type { Catalog } from "../domain/catalog/index.ts";
import type { KeptTexts } from "./classify/kept-texts.ts";
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
  /** Room at providers. */
  gates: Gates;
  /** Requests under way in the process. */
  crowd: Crowd;
  /** The thread's place in what counts by thread. */
  seat: number;
  targets: TargetHealth;
  latencies: Latencies;
  retries: RetryBudget;
  /** Where sessions were served last. */
  sessions: StickyTable;
  catalog: Catalog;
  /** What conversations keep of their classifications. */
  classified: SessionMemory;
  /** Hashes conversations. */
  sessionSecret: bigint;
  /** Vectors of examples. */
  vectors: VectorShelf;
  /** Vectors of texts that were asked about lately. */
  texts: KeptTexts;
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
