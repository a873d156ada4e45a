import type { Call } from "./call.ts";
import { parseAnswer } from "./answer.ts";
import type { Reply, RequestContext } from "./context.ts";
import { freeTextTools, restoreFreeText } from "./free-text-calls.ts";
import { headerUsage } from "./header-usage.ts";
import type { Following, Kind } from "./kind.ts";
import { dialectOf, prepareChat } from "./prepare-chat.ts";
import { warnLostAnswer } from "./lost-answer.ts";
import { replyContext } from "./reply-context.ts";
import type { WholeAnswer } from "./upstream.ts";
import { contentLengthOf, isPlausible, noteResponseId } from "./usage.ts";

/** Chat in every dialect that has it. */
export const CHAT_KIND: Kind = { prepare: prepareChat, reply, followUp };

function reply(context: RequestContext, it: Call, answer: WholeAnswer): Reply {
  const { wire } = it.prepared;
  const response = dialectOf(context, wire).decodeResponse(parseAnswer(it.target.provider, answer), wire.flags);
  context.usage = response.usage ?? headerUsage(wire, answer.headers);
  noteResponseId(context, response.id);
  context.serviceTier = response.serviceTier ?? null;
  if (!isPlausible(context.usage)) context.contentLength = contentLengthOf(response);
  context.firstContentAt = context.runtime.clock.monotonic();
  if (context.usage !== null) response.usage ??= context.usage;
  if (it.prepared.isRelay) return { status: answer.status, contentType: "application/json", body: answer.body };
  const names = freeTextTools(context.chat);
  if (names !== null) restoreFreeText(response, names);
  warnLostAnswer(response, context.chatDialect, context.warnings);
  const body = context.chatDialect.encodeResponse(response, replyContext(context));
  return { status: 200, contentType: "application/json", body: JSON.stringify(body) };
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
