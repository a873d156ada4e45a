import type { FactsData } from "../domain/catalog/index.ts";
import type { SnapshotData } from "../pipeline/snapshot-data.ts";
import type { LiveModels } from "./model-lists.ts";

/** What a data thread is started with. */
export interface ThreadStart {
  type: "start";
  thread: number;
  /** Unique per start of the process; names the journal's segments. */
  boot: string;
  host: string;
  port: number;
  /** HTTP/2 without TLS is spoken to clients that begin with its preface. */
  http2: boolean;
  journalDir: string;
  /** Shared memory of the journal's gauge. */
  gauge: SharedArrayBuffer;
  keyHealth: SharedArrayBuffer;
  targetHealth: SharedArrayBuffer;
  /** By the same places as the health of targets. */
  latencies: SharedArrayBuffer;
  retryBudget: SharedArrayBuffer;
  /** This thread's place in what counts by thread. */
  seat: number;
  bells: SharedArrayBuffer;
  crowd: SharedArrayBuffer;
  /** Where sessions were served last. */
  sessions: SharedArrayBuffer;
  /** Unix socket where the control thread answers for what outlives requests. */
  stateSocket: string;
  /** Where answers wait for the store. */
  spoolDir: string;
  /** What tells that a request is this process's own. */
  secret: string;
  /** Unix socket where the control thread answers management requests. */
  controlSocket: string;
  /** Shared memory of what conversations keep of their classifications. */
  classified: SharedArrayBuffer;
  /** Signs the short-lived credentials of sessions. */
  clientSecretKey: Uint8Array;
}

/** Control thread → data thread. */
export type ToData =
  | ThreadStart
  | { type: "snapshot"; data: SnapshotData; segments: SharedArrayBuffer[]; gates: SharedArrayBuffer[] }
  /** Models of providers by their own lists. */
  | { type: "models"; live: LiveModels }
  /** Facts of models beside those that came with the program; null: none. */
  | { type: "catalog"; facts: FactsData | null }
  /** Vectors of all examples of classifiers that are known. */
  | { type: "vectors"; entries: VectorEntry[] }
  /** Texts that a data thread is to have embedded. */
  | EmbedOrder
  | { type: "drain"; deadlineMs: number };

/** A vector of length 1, and what it is kept under. */
export type VectorEntry = [key: string, vector: Float32Array];

export interface EmbedOrder {
  type: "embed";
  order: number;
  /** `provider/model`. */
  model: string;
  texts: { key: string; text: string }[];
}

export interface EmbedAnswer {
  type: "embedded";
  order: number;
  entries: VectorEntry[];
  /** Why there are none. */
  failure: string | null;
}

/** Data thread → control thread. */
export type FromData =
  /** The snapshot of this version is in force; the thread listens. */
  | { type: "serving"; version: number; port: number }
  | EmbedAnswer
  | { type: "drained" }
  | { type: "fault"; message: string };
