import type { JsonObject } from "../../../src/canonical/json.ts";
import type { DialectName, TaskOperation } from "../../../src/canonical/names.ts";

/** A request as clients of each dialect of its operation send it; a sentence where a dialect cannot say it. */
export interface TaskRequestCase {
  operation: TaskOperation;
  name: string;
  /** Without `model`. */
  wire: Partial<Record<DialectName, JsonObject | string>>;
  /** Values of the request. A provider must receive them, or the client a warning or an error. */
  facts: readonly (string | number | boolean)[];
}

/** An answer as providers of each dialect of its operation give it; a sentence where a dialect cannot. */
export interface TaskAnswerCase {
  operation: TaskOperation;
  name: string;
  /** The case that asked for it. */
  request: string;
  wire: Partial<Record<DialectName, JsonObject | string>>;
}
