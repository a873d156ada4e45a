import type { ReplyContext } from "../../canonical/dialect.ts";
import type { Extensions } from "../../canonical/content.ts";
import type { ReasoningItem } from "../../canonical/request.ts";
import { DIALECT } from "./wire.ts";

/**
 * Whether full reasoning text is shown to the client as a summary: when it asked for one (`reasoning.summary`) and the
 * answer comes from a provider of another dialect, which has only the text. Clients that ask show nothing else.
 */
export function showsTextAsSummary(reply: ReplyContext, answer: { extensions?: Extensions }): boolean {
  const wanted = reply.request.reasoning?.summary;
  return wanted !== undefined && wanted !== "none" && answer.extensions?.[DIALECT] === undefined;
}

/** The item with its text as its summary, when it has no other. */
export function withTextAsSummary(item: ReasoningItem): ReasoningItem {
  if (item.text === "" || item.summary.length > 0) return item;
  return { ...item, summary: [item.text], text: "" };
}
