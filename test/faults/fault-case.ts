import { expect } from "bun:test";
import type { ErrorCode } from "../../src/canonical/errors.ts";
import type { Outcome } from "../../src/canonical/names.ts";
import type { SpokenDialect as ChatDialect } from "../e2e/spoken.ts";
import type { Step } from "../mock-upstream/server.ts";
import { ask, FULL_TOKENS, goodAnswer, OTHER_TEXT, recordOf, TEXT, type Bench, type Seen } from "./bench.ts";
import type { Pair } from "./wire.ts";

/** One way in which a provider fails, and what must come of it. */
export interface FaultCase {
  name: string;
  stream: boolean;
  steps: Step[];
  /** Text that the provider had sent by then; empty: the fault came before the first content. */
  text: string;
  /** The provider's own words, which the client must read, with the provider's own code. */
  message?: string;
  /** Null: the answer counts as whole. */
  code: ErrorCode | null;
  /** The provider left its terminal mark out of a whole answer: a relay does not invent it. */
  lacksMark?: boolean;
  /** Status towards the client when the fault came before the first content. */
  status: number;
  outcome: Outcome;
  /** The client has the head of its answer. */
  onHead?: () => void;
}

/**
 * A step that waits until the client has the head of its answer, and with it the first content: what comes together with
 * that content would still get a status of its own. Pass `onHead` to `ask`.
 */
export function untilHead(): { step: Step; onHead: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { step: { after: promise }, onHead: resolve };
}

/** The other targets of fallbacks, so that a fallback also changes the dialect. */
const OTHER: Record<ChatDialect, ChatDialect> = {
  "openai-chat": "anthropic-messages",
  "openai-responses": "gemini",
  "anthropic-messages": "openai-chat",
  "bedrock-converse": "openai-chat",
  cohere: "anthropic-messages",
  gemini: "openai-responses",
  ollama: "openai-chat",
  "openai-completions": "ollama",
};

/** Plays a fault and checks all that is promised about it: the client's view, the record, the reservations, the fallback. */
export async function checkFault(bench: Bench, pair: Pair, fault: FaultCase): Promise<void> {
  const key = bench.key();
  const model = bench.model(pair.provider, fault.steps);
  const { stream, onHead } = fault;
  const options = { ...pair.ask, stream, maxTokens: FULL_TOKENS, key, ...(onHead !== undefined && { onHead }) };
  const seen = await ask(bench, pair.client, model, options);
  checkClient(seen, fault, pair);
  await checkRecord(bench, seen, fault);
  await checkSettled(bench, pair, key);
  if (fault.code !== null && fault.text === "") await checkFallback(bench, pair, fault, model);
}

function checkClient(seen: Seen, fault: FaultCase, pair: Pair): void {
  expect(seen.endedWell).toBe(true);
  if (fault.code === null) {
    expect(seen.status).toBe(200);
    const hasMark = fault.lacksMark !== true || pair.client !== pair.provider;
    expect(seen.reading).toEqual({ text: TEXT, error: null, isWhole: true, hasMark });
  } else if (fault.text === "") {
    expect({ status: seen.status, ...seen.error }).toMatchObject({ status: fault.status, ...saidOf(fault) });
    expect(seen.error.message).toBeString();
  } else {
    expect(seen.status).toBe(200);
    expect(seen.reading.text).toBe(fault.text);
    expect(seen.reading.error).toMatchObject(saidOf(fault));
    expect(seen.reading.error?.message).toBeString();
  }
}

/** The gateway's errors have its stable codes; a provider's own error keeps its words. */
function saidOf({ message, code }: FaultCase): object {
  return message === undefined ? { code } : { message };
}

async function checkRecord(bench: Bench, seen: Seen, fault: FaultCase): Promise<void> {
  const record = await recordOf(bench.gateway, seen.id);
  expect(record).toMatchObject({ outcome: fault.outcome, status: seen.status, error_code: fault.code });
  expect(record.attempts).toHaveLength(1);
  const isBefore = fault.code !== null && fault.text === "";
  expect(record.attempts[0]?.code).toBe(isBefore ? fault.code : null);
}

/** The money and the request that were reserved are settled: a second full-size request fits, a third is one too many. */
async function checkSettled(bench: Bench, pair: Pair, key: string): Promise<void> {
  const model = bench.model(pair.provider, goodAnswer(pair.provider, false));
  const options = { stream: false, maxTokens: FULL_TOKENS, key };
  const second = await ask(bench, pair.client, model, options);
  expect({ status: second.status, text: second.reading.text }).toEqual({ status: 200, text: TEXT });
  expect(second.headers.get("x-trunkline-warnings") ?? "").not.toContain("changed_field");
  const third = await ask(bench, pair.client, model, options);
  expect({ status: third.status, code: third.error.code }).toEqual({ status: 429, code: "rate_limited" });
}

async function checkFallback(bench: Bench, pair: Pair, fault: FaultCase, model: string): Promise<void> {
  const other = OTHER[pair.provider];
  const fallback = bench.model(other, goodAnswer(other, fault.stream, OTHER_TEXT));
  const seen = await ask(bench, pair.client, model, {
    ...pair.ask,
    stream: fault.stream,
    more: { fallbacks: [fallback] },
  });
  expect({ status: seen.status, body: seen.status === 200 ? "" : seen.body }).toEqual({ status: 200, body: "" });
  expect(seen.reading.text.trim()).toBe(OTHER_TEXT);
  expect(seen.reading).toMatchObject({ error: null, isWhole: true });
  const record = await recordOf(bench.gateway, seen.id);
  expect(record).toMatchObject({ outcome: "success", status: 200, provider: `p-${other}`, error_code: null });
  expect(record.attempts.map(({ code }) => code)).toEqual([fault.code, null]);
}
