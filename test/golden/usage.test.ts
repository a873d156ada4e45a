import { describe, expect, test } from "bun:test";
import { collectParts } from "../../src/canonical/collect.ts";
import type { JsonObject } from "../../src/canonical/json.ts";
import type { ChatDialect } from "../../src/canonical/names.ts";
import { replayResponse } from "../../src/canonical/replay.ts";
import { emptyUsage, type Usage } from "../../src/canonical/usage.ts";
import { costNano, isPriced } from "../../src/domain/catalog/cost.ts";
import { decodeRates } from "../../src/domain/catalog/price.ts";
import { USAGE_CASES } from "./cases/usage.ts";
import type { UsageCase } from "./cases/usage-case.ts";
import { dialectNamed, NAMES, WORDS_ONLY } from "./pairs.ts";
import { decodeEvents, encodeParts, replyTo } from "./streams.ts";

/** An answer of the dialect whose usage is the vendor's object: its own least answer, with the counts changed. */
function answerWith({ dialect, wire }: UsageCase): JsonObject {
  const answer = JSON.parse(
    JSON.stringify(
      dialectNamed(dialect).encodeResponse(
        {
          id: "answer-1",
          model: "m",
          createdAt: 1_760_000_000,
          candidates: [
            {
              index: 0,
              items: [{ type: "message", role: "assistant", content: [{ type: "text", text: "Hello" }] }],
              finishReason: "stop",
            },
          ],
          usage: { ...emptyUsage(), inputTokens: 1, outputTokens: 1 },
        },
        replyTo(dialect),
      ),
    ),
  ) as JsonObject;
  const place = ["usage", "usageMetadata"].find((key) => key in answer);
  return place === undefined ? { ...answer, ...wire } : { ...answer, [place]: wire };
}

function decoded(it: UsageCase): Usage {
  const { usage } = dialectNamed(it.dialect).decodeResponse(answerWith(it), it.flags);
  if (usage === undefined) throw new Error(`${it.name}: no usage`);
  return usage;
}

interface StreamCase {
  name: string;
  dialect: ChatDialect;
  events: string[];
  usage: Partial<Usage>;
}

const sse = (data: unknown): string => `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
const named = (data: { type: string; [key: string]: unknown }): string => `event: ${data.type}\n${sse(data)}`;
const chunk = (choice: object, more: object = {}): string =>
  sse({
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, ...choice }],
    ...more,
  });

/** Where usage stands in a stream differs from vendor to vendor. */
const STREAM_CASES: StreamCase[] = [
  {
    name: "OpenAI: null in every chunk but the last, which has no choices",
    dialect: "openai-chat",
    events: [
      chunk({ delta: { content: "Hi" }, finish_reason: null }, { usage: null }),
      chunk({ delta: {}, finish_reason: "stop" }, { usage: null }),
      sse({ id: "c1", model: "m", choices: [], usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } }),
      sse("[DONE]"),
    ],
    usage: { inputTokens: 9, outputTokens: 2 },
  },
  {
    name: "Groq: in x_groq of the last chunk",
    dialect: "openai-chat",
    events: [
      chunk({ delta: { content: "Hi" }, finish_reason: null }, { x_groq: { id: "req_1" } }),
      chunk(
        { delta: {}, finish_reason: "stop" },
        {
          x_groq: { id: "req_1", usage: { queue_time: 0.1, prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } },
        },
      ),
      sse("[DONE]"),
    ],
    usage: { inputTokens: 9, outputTokens: 2 },
  },
  {
    name: "Moonshot: in the choice that ends",
    dialect: "openai-chat",
    events: [
      chunk({ delta: { content: "Hi" }, finish_reason: null }),
      chunk({
        delta: {},
        finish_reason: "stop",
        usage: { prompt_tokens: 19, completion_tokens: 13, total_tokens: 32, cached_tokens: 7 },
      }),
      sse("[DONE]"),
    ],
    usage: { inputTokens: 19, cachedInputTokens: 7, outputTokens: 13 },
  },
  {
    name: "counts of every chunk are of all so far, never added up",
    dialect: "openai-chat",
    events: [
      ...[1, 2, 3].map((made) =>
        chunk(
          { delta: { content: "x" }, finish_reason: null },
          { usage: { prompt_tokens: 9, completion_tokens: made, total_tokens: 9 + made } },
        ),
      ),
      chunk({ delta: {}, finish_reason: "stop" }),
      sse("[DONE]"),
    ],
    usage: { inputTokens: 9, outputTokens: 3 },
  },
  {
    name: "Anthropic: input at the start, output at the end",
    dialect: "anthropic-messages",
    events: [
      named({
        type: "message_start",
        message: {
          id: "msg_1",
          type: "message",
          role: "assistant",
          model: "m",
          content: [],
          stop_reason: null,
          usage: {
            input_tokens: 25,
            cache_read_input_tokens: 100,
            cache_creation_input_tokens: 50,
            cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 30 },
            output_tokens: 1,
          },
        },
      }),
      named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
      named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi" } }),
      named({ type: "content_block_stop", index: 0 }),
      named({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 15 } }),
      named({ type: "message_stop" }),
    ],
    usage: {
      inputTokens: 175,
      cachedInputTokens: 100,
      cacheWriteTokens: 20,
      cacheWrite1hTokens: 30,
      outputTokens: 15,
    },
  },
  {
    name: "Gemini: thoughts first, then candidates, cumulative",
    dialect: "gemini",
    events: [
      sse({
        candidates: [{ content: { role: "model", parts: [{ text: "Hm", thought: true }] }, index: 0 }],
        usageMetadata: { promptTokenCount: 8, thoughtsTokenCount: 20, totalTokenCount: 28 },
      }),
      sse({
        candidates: [{ content: { role: "model", parts: [{ text: "Hi" }] }, finishReason: "STOP", index: 0 }],
        usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 2, thoughtsTokenCount: 33, totalTokenCount: 43 },
      }),
    ],
    usage: { inputTokens: 8, outputTokens: 35, reasoningTokens: 33 },
  },
];

function countsOf(usage: Usage): Usage {
  const counts = { ...usage };
  delete counts.raw;
  return counts;
}

describe("usage", () => {
  for (const it of USAGE_CASES) {
    describe(it.name, () => {
      test("comes to its normal form", () => {
        expect(countsOf(decoded(it))).toEqual({ ...emptyUsage(), ...it.usage });
      });

      test("costs what the vendor's scale says", () => {
        const price = { rates: decodeRates(it.rates), tiers: [] };
        const usage = decoded(it);
        expect({ nano: costNano(price, usage), isPriced: isPriced(price, usage) }).toEqual({
          nano: it.nano,
          isPriced: true,
        });
      });

      test("counts the same for every client, whole and as a stream", () => {
        const response = dialectNamed(it.dialect).decodeResponse(answerWith(it), it.flags);
        const { inputTokens, outputTokens } = decoded(it);
        for (const client of NAMES) {
          if (client === it.dialect || WORDS_ONLY.has(client)) continue;
          const whole = dialectNamed(client).encodeResponse(response, replyTo(client));
          // Clients of a related form get the vendor's object as it came, and read it as they read the vendor's.
          if (JSON.stringify(whole).includes(JSON.stringify(it.wire))) continue;
          const read = dialectNamed(client).decodeResponse(JSON.parse(JSON.stringify(whole))).usage;
          const streamed = encodeParts(client, replayResponse(response));
          const collected = collectParts(decodeEvents(client, streamed, () => streamed.length * 4)).usage;
          for (const seen of [read, collected]) {
            expect({ client, inputTokens: seen?.inputTokens, outputTokens: seen?.outputTokens }).toEqual({
              client,
              inputTokens,
              outputTokens,
            });
          }
        }
      });
    });
  }

  for (const { name, dialect, events, usage } of STREAM_CASES) {
    test(name, () => {
      const text = events.join("");
      const parts = decodeEvents(dialect, text, () => text.length * 4);
      expect(parts.at(-1)?.type).toBe("end");
      const collected = collectParts(parts).usage;
      expect(collected === undefined ? undefined : countsOf(collected)).toEqual({ ...emptyUsage(), ...usage });
    });
  }
});
