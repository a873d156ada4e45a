import type { Frame } from "../../canonical/dialect.ts";
import { sayArguments } from "./decode-stream-item.ts";
import { relay } from "./decode-stream-relay.ts";
import { entryOf } from "./find-entry.ts";
import { missingText } from "./stream-input.ts";
import type { Out, StreamInput } from "./stream-input.ts";
import type { WireEvent } from "./wire.ts";

/** Input of a provider-run custom tool belongs to an opaque item, and is relayed as its progress. */
export function argumentsDelta(state: StreamInput, event: WireEvent, frame: Frame, out: Out): void {
  if (isProgress(state, event)) return relay(event, frame, out);
  const entry = entryOf(state, event, "tool_call", out);
  if (entry !== undefined && typeof event.delta === "string") sayArguments(entry, event.delta, out);
}

/** Completes the arguments of a call, or the input of a custom tool. */
export function argumentsDone(state: StreamInput, event: WireEvent, frame: Frame, out: Out): void {
  if (isProgress(state, event)) return relay(event, frame, out);
  const entry = entryOf(state, event, "tool_call", out);
  const whole = event.arguments ?? event.input;
  if (entry === undefined || typeof whole !== "string") return;
  sayArguments(entry, missingText(whole, entry.started ? entry.arguments : entry.held), out);
}

function isProgress(state: StreamInput, event: WireEvent): boolean {
  return typeof event.output_index === "number" && state.byIndex.get(event.output_index)?.kind === "opaque";
}
