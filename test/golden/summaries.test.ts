import { expect, test } from "bun:test";
import type { ChatSummary } from "../../src/canonical/dialect.ts";
import { GatewayError } from "../../src/canonical/errors.ts";
import type { Json } from "../../src/canonical/json.ts";
import type { ChatDialect } from "../../src/canonical/names.ts";
import { loadExchanges } from "../e2e/recorded/exchanges.ts";
import { randomFrom } from "../e2e/recorded/player.ts";
import { ANSWER_CASES } from "./cases/answers.ts";
import { mutated } from "./mutate.ts";
import { dialectNamed, NAMES } from "./pairs.ts";

const ROUNDS = 40;

/** What is said of an answer, or why it is none. */
function told(read: () => ChatSummary): unknown {
  try {
    const { id, usage, serviceTier } = read();
    return { id, usage, serviceTier };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { code: error.code, message: error.message, fields: error.fields };
  }
}

/** Both ways to read an answer agree, in what they find and in what they refuse. */
function compare(name: ChatDialect, body: Json): void {
  const { decodeResponse, summarizeResponse } = dialectNamed(name);
  const whole = told(() => decodeResponse(body));
  expect({ name, body, told: told(() => summarizeResponse?.(body) ?? decodeResponse(body)) }).toEqual({
    name,
    body,
    told: whole,
  });
}

const SUMMARIZING = NAMES.filter((name) => dialectNamed(name).summarizeResponse !== undefined);

test("dialects that are relayed often read no more of an answer than its record needs", () => {
  expect(SUMMARIZING).toEqual(expect.arrayContaining(["openai-chat", "openai-responses", "anthropic-messages"]));
});

test.each(SUMMARIZING)("%s: answers, sound and spoilt, are summed up as they are read", (name) => {
  for (const [number, { wire }] of ANSWER_CASES.entries()) {
    const body = wire[name];
    if (typeof body === "string") continue;
    compare(name, body);
    const random = randomFrom(number + 1);
    for (let round = 0; round < ROUNDS; round += 1) compare(name, mutated(body, random));
  }
});

const NO_ANSWERS: readonly Json[] = [
  null,
  1,
  "text",
  [],
  {},
  { error: { message: "no" } },
  { choices: [{ error: { message: "no", code: 502 } }] },
  { content: [], type: "error", error: { type: "overloaded_error", message: "no" } },
  { output: [], status: "failed", error: { code: "server_error", message: "no" } },
];

test("what is no answer is refused alike", () => {
  for (const name of SUMMARIZING) for (const body of NO_ANSWERS) compare(name, body);
});

test("recorded answers are summed up as they are read", () => {
  for (const { dialect, type, answerText } of loadExchanges()) {
    if (type.startsWith("application/json") && SUMMARIZING.includes(dialect)) compare(dialect, JSON.parse(answerText));
  }
});
