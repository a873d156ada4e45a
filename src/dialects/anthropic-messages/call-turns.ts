import type { WireBlock } from "./wire.ts";

// The API refuses a conversation whose calls are not answered at the beginning of the very next turn
// (platform.claude.com, "Handle tool calls").

/** Blocks of a turn of the user: results of tools first. */
export function resultsFirst(blocks: WireBlock[]): WireBlock[] {
  const firstOther = blocks.findIndex((block) => !isResult(block));
  if (firstOther === -1 || !blocks.some((block, index) => index > firstOther && isResult(block))) return blocks;
  return [...blocks.filter(isResult), ...blocks.filter((block) => !isResult(block))];
}

/**
 * Blocks of a turn of the assistant: calls last, since the API has refused results of calls that words follow. Thoughts must
 * keep their place: where one stands behind a call, all stays as it is.
 */
export function callsLast(blocks: WireBlock[]): WireBlock[] {
  const first = blocks.findIndex(isCall);
  const rest = first === -1 ? [] : blocks.slice(first);
  if (rest.every(isCall) || rest.some(isThought)) return blocks;
  return [...blocks.filter((block) => !isCall(block)), ...blocks.filter(isCall)];
}

const isResult = ({ type }: WireBlock): boolean => type === "tool_result";
const isCall = ({ type }: WireBlock): boolean => type === "tool_use";
const isThought = ({ type }: WireBlock): boolean => type === "thinking" || type === "redacted_thinking";
