import { sessionKey } from "../../domain/classify/session-key.ts";
import type { SessionKey } from "../../domain/classify/session-memory.ts";
import type { RequestContext } from "../context.ts";
import { sessionOf } from "../session/session-id.ts";
import { hasAnswer } from "./asked-text.ts";

/** What a conversation is known by. */
export interface Conversation {
  id: string;
  /** It may have gone on from an earlier request: what begins just now has nothing to remember. */
  isUnderWay: boolean;
}

/** The conversation that a chat belongs to: the session that it names, else how one end user's messages begin. */
export function conversationOf(context: RequestContext): Conversation {
  const { chat, intent } = context;
  const session = sessionOf(context);
  if (session?.isNamed === true) return { id: `named ${session.text}`, isUnderWay: true };
  const user = chat.endUser ?? intent?.endUser ?? "";
  return { id: `opening ${user}\n${session?.text ?? ""}`, isUnderWay: hasAnswer(chat) };
}

/** Its key under one classifier, of one caller. */
export function keyOf(context: RequestContext, { id }: Conversation, signature: string): SessionKey {
  const caller = context.caller?.data.id ?? "";
  return sessionKey(context.runtime.sessionSecret, signature, caller, id);
}
