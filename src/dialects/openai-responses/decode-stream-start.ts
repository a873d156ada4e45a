import type { Frame } from "../../canonical/dialect.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { head } from "./decode-response.ts";
import { fieldsBeyond } from "./own-fields.ts";
import type { Out, StreamInput } from "./stream-input.ts";
import { DIALECT, RESPONSE_FIELDS, stringOf } from "./wire.ts";
import type { WireEvent } from "./wire.ts";

/** Takes the response as it is before its output; the first time, `start` is emitted. */
export function begin(state: StreamInput, event: WireEvent, _frame: Frame, out: Out): void {
  if (!isJsonObject(event.response)) return;
  state.response = event.response;
  if (state.started) return;
  state.started = true;
  const tier = stringOf(event.response.service_tier);
  const fields = fieldsBeyond(event.response, RESPONSE_FIELDS);
  out.push({
    type: "start",
    ...head(event.response),
    ...(tier !== undefined && { serviceTier: tier }),
    ...(fields !== undefined && { extensions: { [DIALECT]: fields } }),
  });
}

/** Emits `start` for hosts that leave the first event out. */
export function ensureStart(state: StreamInput, out: Out): void {
  if (state.started) return;
  state.started = true;
  out.push({ type: "start", ...head(state.response) });
}
