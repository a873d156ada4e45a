import type { Wire } from "../canonical/provider.ts";
import { emptyUsage, type Usage } from "../canonical/usage.ts";

/** What a wire's response headers say of an answer's tokens; null: nothing. */
export function headerUsage({ usageHeaders }: Wire, headers: { get(name: string): string | null }): Usage | null {
  if (usageHeaders === undefined) return null;
  const input = countOf(headers.get(usageHeaders.input));
  const output = countOf(headers.get(usageHeaders.output));
  if (input === null && output === null) return null;
  return { ...emptyUsage(), inputTokens: input ?? 0, outputTokens: output ?? 0 };
}

function countOf(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
