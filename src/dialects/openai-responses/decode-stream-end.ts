import type { JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import { decodeOutputItem } from "./decode-output-item.ts";
import { completeEntry, endEntry } from "./decode-stream-item.ts";
import { matchEntries } from "./find-entry.ts";
import { decodeFinish } from "./finish-reason.ts";
import { fieldsBeyond } from "./own-fields.ts";
import { addEntry } from "./stream-input.ts";
import type { Out, StreamInput } from "./stream-input.ts";
import { decodeUsage } from "./usage.ts";
import { DIALECT, RESPONSE_FIELDS, listOf, stringOf } from "./wire.ts";

/** Ends a stream with the whole response: items that the events missed, the finish reason, the usage, and `end`. */
export function endStream(state: StreamInput, response: JsonObject, out: Out): void {
  state.ended = true;
  state.response = { ...response, tools: response.tools ?? state.response.tools };
  completeOutput(state, out);
  for (const entry of state.entries) endEntry(entry, undefined, out);
  const { reason, raw } = decodeFinish(
    response,
    state.entries.some((entry) => entry.kind === "tool_call"),
  );
  out.push({ type: "finish", candidate: 0, reason, raw });
  const usage = decodeUsage(response);
  if (usage !== undefined) out.push({ type: "usage", usage });
  const tier = stringOf(response.service_tier);
  const fields = fieldsBeyond(response, RESPONSE_FIELDS);
  out.push({
    type: "end",
    ...(tier !== undefined && { serviceTier: tier }),
    ...(fields !== undefined && { extensions: { [DIALECT]: fields } }),
  });
}

function completeOutput(state: StreamInput, out: Out): void {
  const output = listOf(state.response.output);
  const matches = matchEntries(state, output);
  output.forEach((wire, place) => {
    if (!isJsonObject(wire)) return;
    const item = decodeOutputItem(wire, state.response, place);
    const entry =
      matches[place] ?? addEntry(state, item.type, stringOf(wire.type) ?? "", stringOf(wire.id) ?? "", undefined);
    if (entry.kind === item.type) completeEntry(entry, item, out);
  });
}
