import type { Json, JsonObject } from "../canonical/json.ts";
import type { Asker, StateAsk, StateBytes } from "../domain/state/ask.ts";
import type { KeptResponse } from "../domain/state/port.ts";

/** What a data thread knows of things that outlive a request. Everything rejects with a `GatewayError`. */
export interface StateClient {
  ask(name: StateAsk, asker: Asker, args: JsonObject): Promise<Json>;
  /** Puts a file down; resolves with its object. */
  upload(asker: Asker, facts: JsonObject, data: Uint8Array): Promise<Json>;
  /** Queues a request to be made later; resolves with what its caller is told. */
  defer(asker: Asker, facts: JsonObject, request: Uint8Array): Promise<Json>;
  /** Bytes of a file, of the results of a batch, or of a job's answer. */
  bytes(name: "file" | "results" | "job", asker: Asker, id: string): Promise<StateBytes>;
  /** Keeps an answer, at once and without waiting for the store; false: there is no room. */
  keep(response: KeptResponse): boolean;
}
