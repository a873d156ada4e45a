import type { ChatSummary } from "../canonical/dialect.ts";
import type { Json } from "../canonical/json.ts";
import type { Wire } from "../canonical/provider.ts";
import { checkBrokenOff } from "./broken-off.ts";
import type { Call } from "./call.ts";
import { parseAnswer } from "./answer.ts";
import type { Reply, RequestContext } from "./context.ts";
import { freeTextTools, restoreFreeText } from "./free-text-calls.ts";
import { headerUsage } from "./header-usage.ts";
import type { Following, Kind } from "./kind.ts";
import { dialectOf, prepareChat } from "./prepare-chat.ts";
import { warnLostAnswer } from "./lost-answer.ts";
import { replyContext } from "./reply-context.ts";
import { restoreNames } from "./tool-names.ts";
import type { WholeAnswer } from "./upstream.ts";
import { contentLengthOf, isPlausible, noteResponseId } from "./usage.ts";

/** Chat in every dialect that has it. */
export const CHAT_KIND: Kind = { prepare: prepareChat, reply, followUp };

function reply(context: RequestContext, it: Call, answer: WholeAnswer): Reply {
  const { wire, isRelay, toolNames } = it.prepared;
  const body = parseAnswer(it.target.provider, answer);
  if (isRelay) return relayed(context, wire, body, answer);
  const response = dialectOf(context, wire).decodeResponse(body, wire.flags);
  it.earlyUsage = response.usage ?? null;
  checkBrokenOff(it.target.provider, response);
  noteSummary(context, wire, response, answer);
  if (!isPlausible(context.usage)) context.contentLength = contentLengthOf(response);
  if (context.usage !== null) response.usage ??= context.usage;
  if (toolNames !== undefined) restoreNames(response, toolNames);
  const names = freeTextTools(context.chat);
  if (names !== null) restoreFreeText(response, names);
  warnLostAnswer(response, context.chatDialect, context.warnings);
  const encoded = context.chatDialect.encodeResponse(response, replyContext(context));
  return { status: 200, contentType: "application/json", body: JSON.stringify(encoded) };
}

/** What goes on as it came is read no further than its record needs. */
function relayed(context: RequestContext, wire: Wire, body: Json, answer: WholeAnswer): Reply {
  const dialect = dialectOf(context, wire);
  const summary = dialect.summarizeResponse?.(body, wire.flags) ?? dialect.decodeResponse(body, wire.flags);
  noteSummary(context, wire, summary, answer);
  if (!isPlausible(context.usage)) context.contentLength = contentLengthOf(dialect.decodeResponse(body, wire.flags));
  return { status: answer.status, contentType: "application/json", body: answer.body };
}

function noteSummary(context: RequestContext, wire: Wire, summary: ChatSummary, answer: WholeAnswer): void {
  context.usage = summary.usage ?? headerUsage(wire, answer.headers);
  noteResponseId(context, summary.id);
  context.serviceTier = summary.serviceTier ?? null;
  context.firstContentAt = context.runtime.clock.monotonic();
}

function followUp(context: RequestContext, it: Call, answer: WholeAnswer): Following | null {
  const { prepared, target } = it;
  const dialect = dialectOf(context, prepared.wire);
  if (prepared.isRelay || dialect.followUp === undefined) return null;
  const next = dialect.followUp(parseAnswer(target.provider, answer), prepared.stream !== null);
  if (next === null) return null;
  const { path, headers, afterMs } = next;
  return { prepared: { ...prepared, method: "GET", path, headers, body: "" }, afterMs };
}
