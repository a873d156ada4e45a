import { isJobOperation, isTask, type Operation } from "../canonical/names.ts";
import type { Stage } from "./context.ts";
import { admit } from "./stage/admit.ts";
import { attempt } from "./stage/attempt.ts";
import { decode } from "./stage/decode.ts";
import { identify } from "./stage/identify.ts";
import { record } from "./stage/record.ts";
import { reserve } from "./stage/reserve.ts";
import { route } from "./stage/route.ts";

/** Operations that take the way through the pipeline. */
export type PipelineOperation = Exclude<Operation, "models">;

/** Operations that take the same way; all tasks do, but for questions about jobs, which cost nothing. */
type Column = "chat" | "responses" | "count_tokens" | "realtime" | "task" | "job";

const x = true;
const o = false;

/**
 * The way of a request: stages in order, and the operations that they serve. `admit` and `observe` run from top to bottom,
 * `settle` from bottom to top. What stands above `decode` needs no body: callers that it refuses do not cost the reading of one.
 */
const TABLE: readonly (readonly [Stage, Record<Column, boolean>])[] = [
  [record,   { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x }],
  [identify, { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x }],
  [decode,   { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x }],
  [admit,    { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x }],
  [route,    { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x }],
  [reserve,  { chat: x, responses: x, count_tokens: o, realtime: x, task: x, job: o }],
  [attempt,  { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x }],
];

const WAYS: Readonly<Record<Column, readonly Stage[]>> = {
  chat: way("chat"),
  responses: way("responses"),
  count_tokens: way("count_tokens"),
  realtime: way("realtime"),
  task: way("task"),
  job: way("job"),
};

function way(column: Column): readonly Stage[] {
  return TABLE.filter(([, serves]) => serves[column]).map(([stage]) => stage);
}

/** The stages of one operation. */
export function stagesFor(operation: PipelineOperation): readonly Stage[] {
  if (isJobOperation(operation)) return WAYS.job;
  return WAYS[isTask(operation) ? "task" : operation];
}
