import { TIERS } from "../../canonical/complexity.ts";
import type { ComplexityScorer } from "../../domain/classify/complexity/scorer.ts";
import type { MemoryData } from "../../domain/classify/data.ts";
import type { RuleComplexity } from "../../domain/route/variables.ts";
import type { RequestContext } from "../context.ts";
import { lastUserText, systemText } from "./asked-text.ts";
import { keyOf, type Conversation } from "./conversation.ts";

/** More of a system prompt does not count. */
const SYSTEM_CHARS = 10_000;

/** How demanding a chat is: as its conversation was, where that is kept, else as this request is. */
export function scoreChat(
  context: RequestContext,
  scorer: ComplexityScorer,
  memory: MemoryData,
  conversation: () => Conversation,
): { found: RuleComplexity; source: "rules" | "memory" } {
  const { chat } = context;
  const { text, length } = lastUserText(chat, scorer.maxChars);
  const systemLength = systemText(chat, SYSTEM_CHARS).length;
  const own = scorer.score({ text, length, systemLength, tools: chat.tools.length, steps: chat.items.length });
  const held = memory.mode === "off" ? null : remember(context, memory, conversation(), own);
  return held === null ? { found: own, source: "rules" } : { found: held, source: "memory" };
}

/** Keeps the tier; returns the conversation's where it is not that of this request. */
function remember(
  context: RequestContext,
  { mode, ttlMs }: MemoryData,
  conversation: Conversation,
  own: RuleComplexity,
): RuleComplexity | null {
  const { classified, clock } = context.runtime;
  const now = clock.wall();
  const key = keyOf(context, conversation, "complexity");
  const value = { label: TIERS.findIndex((tier) => tier === own.tier), score: own.score };
  const before = classified.recall(key, now);
  const known = conversation.isUnderWay ? before : null;
  const held = mode === "sticky" ? (known ?? value) : classified.raise(key, value, now, ttlMs);
  if (mode === "sticky") classified.keep(key, held, now, ttlMs);
  const tier = TIERS[held.label];
  return known === null || tier === undefined || tier === own.tier ? null : { tier, score: held.score };
}
