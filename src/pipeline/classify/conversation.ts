import { isJsonObject } from "../../canonical/json.ts";
import { sessionKey } from "../../domain/classify/session-key.ts";
import type { SessionKey } from "../../domain/classify/session-memory.ts";
import type { RequestContext } from "../context.ts";
import { firstUserText, hasAnswer, systemText } from "./asked-text.ts";

/** Characters of the opening messages that a conversation without a name is known by. */
const OPENING_CHARS = 2000;
const SESSION_HEADERS = ["x-session-id", "session-id", "session_id", "x-claude-code-session-id"];

/** What a conversation is known by. */
export interface Conversation {
  id: string;
  /** It may have gone on from an earlier request: what begins just now has nothing to remember. */
  isUnderWay: boolean;
}

/** The conversation that a chat belongs to: the session that it names, else its opening messages. */
export function conversationOf(context: RequestContext): Conversation {
  const named = namedSession(context);
  if (named !== null) return { id: `named ${named}`, isUnderWay: true };
  const { chat, intent } = context;
  const user = chat.endUser ?? intent?.endUser ?? "";
  const opening = `${user}\n${systemText(chat, OPENING_CHARS).text}\n${firstUserText(chat, OPENING_CHARS).text}`;
  return { id: `opening ${opening}`, isUnderWay: hasAnswer(chat) };
}

/** Its key under one classifier, of one caller. */
export function keyOf(context: RequestContext, { id }: Conversation, signature: string): SessionKey {
  const caller = context.caller?.data.id ?? "";
  return sessionKey(context.runtime.sessionSecret, signature, caller, id);
}

function namedSession({ arrival }: RequestContext): string | null {
  for (const header of SESSION_HEADERS) {
    const value = arrival.headers.get(header);
    if (value !== null && value !== "") return value;
  }
  const { json } = arrival.body;
  const metadata = isJsonObject(json["metadata"]) ? json["metadata"] : {};
  const user = metadata["user_id"];
  // Claude Code writes its session there: `user_…_account_…_session_…`.
  const claude = typeof user === "string" && user.includes("session") ? user : undefined;
  const named = [json["session_id"], metadata["session_id"], claude, conversationId(json["conversation"])];
  return [...named, json["prompt_cache_key"]].find(isText) ?? null;
}

/** Of the Responses API: an id, or an object with one. */
function conversationId(value: unknown): unknown {
  return isJsonObject(value) ? value["id"] : value;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
