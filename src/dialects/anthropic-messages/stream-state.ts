import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { leftover } from "./own-fields.ts";
import type { ItemCounter, OpenBlock } from "./stream-block.ts";
import { decodeUsage } from "./usage.ts";
import { DIALECT, objectOf, textOf } from "./wire.ts";

/** All that is known of one answer while it streams. */
export interface StreamState {
  phase: "waiting" | "open" | "finished" | "done";
  messageId: string;
  blocks: Map<number, OpenBlock>;
  counter: ItemCounter;
  /** The usage fields of all events so far: each event's counts are totals and replace earlier ones. */
  usage: JsonObject;
}

/** The extensions keep the first usage as well, so that an encoder of this dialect can show it in `message_start`. */
const START_FIELDS = new Set(["id", "type", "role", "model", "content", "stop_reason", "stop_sequence"]);

/** Begins the answer with what `message_start` says, or with nothing. */
export function startAnswer(state: StreamState, message: JsonObject, out: StreamPart[]): void {
  state.phase = "open";
  state.messageId = textOf(message["id"]);
  const tier = objectOf(message["usage"])["service_tier"];
  out.push({
    type: "start",
    id: state.messageId,
    model: textOf(message["model"]),
    createdAt: 0,
    ...(typeof tier === "string" && { serviceTier: tier }),
    extensions: leftover(message, START_FIELDS) ?? { [DIALECT]: {} },
  });
  addUsage(state, message["usage"], out);
}

/** Counts of input: at least one of them is more than zero. */
const INPUT: ReadonlySet<string> = new Set(["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"]);

/**
 * Works the counts of one more event in. They are cumulative: a `message_delta` whose counts of input are all zero, as servers
 * write it that know them in `message_start` alone, does not take those back.
 */
export function addUsage(state: StreamState, usage: Json | undefined, out: StreamPart[]): void {
  if (!isJsonObject(usage)) return;
  const { usage: before } = state;
  const known = Object.entries(usage).filter(([, value]) => value !== null && value !== undefined);
  const saysInput = known.some(([name, value]) => INPUT.has(name) && value !== 0);
  const said = saysInput ? known : known.filter(([name]) => !INPUT.has(name) || before[name] === undefined);
  state.usage = { ...before, ...Object.fromEntries(said) };
  const total = decodeUsage(state.usage);
  if (total !== undefined) out.push({ type: "usage", usage: total });
}

/** Begins the answer at a server that sent no `message_start`. */
export function ensureStarted(state: StreamState, out: StreamPart[]): void {
  if (state.phase === "waiting") startAnswer(state, {}, out);
}
