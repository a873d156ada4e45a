import { isJobOperation, isService, isTask, type Operation } from "../canonical/names.ts";
import type { Stage } from "./context.ts";
import { admit } from "./stage/admit.ts";
import { attempt } from "./stage/attempt.ts";
import { decode } from "./stage/decode.ts";
import { defer } from "./stage/defer.ts";
import { identify } from "./stage/identify.ts";
import { inspect } from "./stage/inspect.ts";
import { keep } from "./stage/keep.ts";
import { pass } from "./stage/pass.ts";
import { recall } from "./stage/recall.ts";
import { record } from "./stage/record.ts";
import { reserve } from "./stage/reserve.ts";
import { route } from "./stage/route.ts";
import { serve } from "./stage/serve.ts";
import { shed } from "./stage/shed.ts";

/** Operations that take the way through the pipeline. */
export type PipelineOperation = Exclude<Operation, "models">;

/** Operations that take the same way; all tasks do, but for questions about jobs, which cost nothing. */
type Column = "chat" | "responses" | "count_tokens" | "realtime" | "task" | "job" | "passthrough" | "service";

const x = true;
const o = false;

/**
 * The way of a request: stages in order, and the operations that they serve. `admit` and `observe` run from top to bottom,
 * `settle` from bottom to top. What stands above `decode` needs no body: callers that it refuses do not cost the reading of one.
 */
const TABLE: readonly (readonly [Stage, Record<Column, boolean>])[] = [
  [record,   { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x, passthrough: x, service: x }],
  [identify, { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x, passthrough: x, service: x }],
  [shed,     { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x, passthrough: x, service: o }],
  [recall,   { chat: o, responses: x, count_tokens: x, realtime: o, task: o, job: o, passthrough: o, service: o }],
  [decode,   { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x, passthrough: o, service: o }],
  [defer,    { chat: x, responses: x, count_tokens: o, realtime: o, task: x, job: o, passthrough: o, service: o }],
  [inspect,  { chat: o, responses: o, count_tokens: o, realtime: o, task: o, job: o, passthrough: x, service: o }],
  [admit,    { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x, passthrough: x, service: x }],
  [route,    { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x, passthrough: o, service: o }],
  [keep,     { chat: o, responses: x, count_tokens: o, realtime: o, task: o, job: o, passthrough: o, service: o }],
  [reserve,  { chat: x, responses: x, count_tokens: o, realtime: x, task: x, job: o, passthrough: x, service: o }],
  [attempt,  { chat: x, responses: x, count_tokens: x, realtime: x, task: x, job: x, passthrough: o, service: o }],
  [pass,     { chat: o, responses: o, count_tokens: o, realtime: o, task: o, job: o, passthrough: x, service: o }],
  [serve,    { chat: o, responses: o, count_tokens: o, realtime: o, task: o, job: o, passthrough: o, service: x }],
];

const WAYS: Readonly<Record<Column, readonly Stage[]>> = {
  chat: way("chat"),
  responses: way("responses"),
  count_tokens: way("count_tokens"),
  realtime: way("realtime"),
  task: way("task"),
  passthrough: way("passthrough"),
  job: way("job"),
  service: way("service"),
};

function way(column: Column): readonly Stage[] {
  return TABLE.filter(([, serves]) => serves[column]).map(([stage]) => stage);
}

/** The stages of one operation. */
export function stagesFor(operation: PipelineOperation): readonly Stage[] {
  if (isJobOperation(operation)) return WAYS.job;
  if (isService(operation)) return WAYS.service;
  return WAYS[isTask(operation) ? "task" : operation];
}
