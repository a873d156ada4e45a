import type { Json, JsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import type { Candidate } from "../../canonical/response.ts";
import { carriersOf, encodeOutputItem, outputItemId } from "./encode-output-item.ts";
import type { OutputItem } from "./encode-output-item.ts";
import { encodeOutputImage, tokensOf } from "./encode-output-part.ts";
import { madeUpId } from "./made-up-id.ts";
import { asClientKnows } from "./namespaces.ts";
import type { CallFields } from "./namespaces.ts";
import { withTextAsSummary } from "./reasoning-channel.ts";
import { DIALECT } from "./wire.ts";

/** How the items of an answer are shown. */
export interface OutputView {
  answerId: string;
  /** See `showsTextAsSummary`. */
  textAsSummary: boolean;
  /** See `callFields`. */
  calls: CallFields;
}

/**
 * Encodes the items of an answer. Items of other dialects' provider-run tools are left out: clients of this dialect
 * could neither read them nor hand them back.
 */
export function encodeOutput(candidate: Candidate, view: OutputView): JsonObject[] {
  const output: JsonObject[] = [];
  let logprobs = tokensOf(candidate.logprobs);
  candidate.items.forEach((item, position) => {
    if (!isOutput(item)) return;
    const cut = candidate.finishReason === "length" && position === candidate.items.length - 1;
    pushItem(shownItem(item, view), view.answerId, cut ? "incomplete" : "completed", logprobs, output);
    if (item.type === "message") logprobs = [];
  });
  return output;
}

function shownItem(item: OutputItem, { textAsSummary, calls }: OutputView): OutputItem {
  if (item.type === "tool_call") return asClientKnows(item, calls);
  return textAsSummary && item.type === "reasoning" ? withTextAsSummary(item) : item;
}

/** True for what may stand in an answer to a client of this dialect. */
function isOutput(item: Item): item is OutputItem {
  return item.type !== "tool_result" && (item.type !== "opaque" || item.dialect === DIALECT);
}

function pushItem(
  item: OutputItem,
  answerId: string,
  status: string,
  logprobs: readonly Json[],
  output: JsonObject[],
): void {
  const place = { answerId, index: output.length };
  output.push(encodeOutputItem(item, outputItemId(item, place), status, logprobs));
  if (item.type === "message") {
    for (const part of item.content) {
      const image = encodeOutputImage(part, madeUpId("ig", answerId, output.length));
      if (image !== undefined) output.push(image);
    }
  }
  output.push(...carriersOf(item, place));
}
