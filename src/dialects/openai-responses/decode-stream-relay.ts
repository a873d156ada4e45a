import type { Frame } from "../../canonical/dialect.ts";
import type { Out } from "./stream-input.ts";
import { DIALECT, stringOf } from "./wire.ts";
import type { WireEvent } from "./wire.ts";

/** Emits an event that only clients of this dialect can read. */
export function relay(event: WireEvent, frame: Frame, out: Out): void {
  out.push({ type: "unknown", dialect: DIALECT, event: stringOf(event.type) ?? frame.event, data: frame.data });
}
