import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../src/canonical/json.ts";
import type { ChatDialect } from "../../src/canonical/names.ts";
import { replayResponse } from "../../src/canonical/replay.ts";
import { eventsIn } from "../e2e/reading/events.ts";
import { READERS, type Reading, type Tokens } from "../e2e/reading/index.ts";
import { randomFrom } from "../e2e/recorded/player.ts";
import { ANSWER_CASES, type AnswerCase } from "./cases/answers.ts";
import { lostFacts } from "./lost.ts";
import { dialectNamed, grouped, NAMES, WORDS_ONLY, type Crossing } from "./pairs.ts";
import { expectSnapshot, telling } from "./snapshot.ts";
import { decodeEvents, encodeParts, replyTo } from "./streams.ts";

/** The kinds of events in order, with how often each comes in a row. */
function outline(client: ChatDialect, text: string): string[] {
  const kinds: { kind: string; count: number }[] = [];
  for (const { event, data } of eventsIn(client, text)) {
    const kind = event === "" ? kindOf(data) : event;
    const last = kinds.at(-1);
    if (last?.kind === kind) last.count += 1;
    else kinds.push({ kind, count: 1 });
  }
  return kinds.map(({ kind, count }) => (count === 1 ? kind : `${kind} × ${count}`));
}

/** Events without a name show by what they bring. */
function kindOf(data: string): string {
  if (data === "[DONE]") return data;
  const body = JSON.parse(data);
  if (typeof body.event_type === "string") return body.event_type;
  const choice = body.choices?.[0] ?? body.candidates?.[0];
  const said = choice?.delta ?? choice?.content?.parts?.[0] ?? body.message ?? (choice?.text ? { text: "" } : {});
  const brought = Object.keys(said);
  const finish = choice?.finish_reason ?? choice?.finishReason ?? body.done_reason;
  return (
    [...brought, ...(finish ? [`finish ${finish}`] : []), ...(body.usage ? ["usage"] : [])].join(" + ") || "(nothing)"
  );
}

/** Usage cannot be missing there. */
const MADE_UP: ReadonlySet<ChatDialect> = new Set(["anthropic-messages", "bedrock-converse"]);

/** Counts that the usage of a dialect does not have. */
const UNCOUNTED: Partial<Record<ChatDialect, Partial<Tokens>>> = {
  "bedrock-converse": { reasoning: 0 },
  cohere: { cacheWrite: 0, reasoning: 0 },
  gemini: { cacheWrite: 0 },
  ollama: { cached: 0, cacheWrite: 0, reasoning: 0 },
};

/** What no wire but the provider's own can say does not count as a difference. */
function comparable(reading: Reading, client: ChatDialect, provider: ChatDialect): Reading {
  if (WORDS_ONLY.has(client) || WORDS_ONLY.has(provider)) return words(reading);
  const calls = reading.calls.map((call) => ({ ...call, arguments: bareText(call.arguments) }));
  const { tokens } = reading;
  const counted = tokens === null ? null : { ...tokens, ...UNCOUNTED[client], ...UNCOUNTED[provider] };
  const isMade = MADE_UP.has(client) && (tokens === null || tokens.input + tokens.output === 0);
  // A refusal in words: some wires have a reason for it, others an ordinary stop.
  const ending = reading.ending === "filter" && reading.text !== "" ? "stop" : reading.ending;
  const seen = { ...reading, ending, calls, tokens: isMade ? null : counted };
  return client === "openai-completions" ? wordsOf(seen) : seen;
}

/** Completions have words only. */
function wordsOf(reading: Reading): Reading {
  const ending = reading.ending === "tool_calls" ? "stop" : reading.ending;
  return { ...reading, ending, reasoning: "", calls: [] };
}

/** The words alone, and how they end; whole answers of such wires count no tokens. */
function words({ text, ending }: Reading): Reading {
  const isOther = ending === "tool_calls" || (ending === "filter" && text !== "");
  return { text, ending: isOther ? "stop" : ending, reasoning: "", calls: [], tokens: null };
}

/** Free text stands in the one argument of a function where a wire knows functions only. */
function bareText(value: unknown): unknown {
  const [key, ...more] = typeof value === "object" && value !== null ? Object.keys(value) : [];
  const isWrapped = more.length === 0 && (key === "input" || key === "tl_custom_input");
  return isWrapped ? (value as Record<string, unknown>)[key] : value;
}

function translateAnswer(it: AnswerCase, provider: ChatDialect, client: ChatDialect, body: JsonObject): object {
  const response = dialectNamed(provider).decodeResponse(structuredClone(body) as Json);
  const encoded = JSON.parse(JSON.stringify(dialectNamed(client).encodeResponse(response, replyTo(client))));
  const wanted = comparable(READERS[provider].whole(body), client, provider);
  const seen = comparable(READERS[client].whole(encoded), client, provider);
  const place = { case: it.name, provider, client };
  expect({ ...place, ...seen }).toEqual({ ...place, ...wanted });

  const replayed = encodeParts(client, replayResponse(response));
  expect({ ...place, ...comparable(READERS[client].stream(replayed), client, provider) }).toEqual({
    ...place,
    ...seen,
  });
  const lost = lostFacts(it.facts, body, encoded);
  return {
    ...(lost.length > 0 && { lost }),
    body: telling(encoded),
    stream: streamOf(it, provider, client, wanted) ?? outline(client, replayed),
  };
}

/** The outline of the client's stream of a provider's stream; undefined when the case has none. */
function streamOf(it: AnswerCase, provider: ChatDialect, client: ChatDialect, wanted: Reading): string[] | undefined {
  const text = it.events?.[provider]?.join("");
  if (text === undefined) return undefined;
  const parts = decodeEvents(provider, text, () => text.length * 4);
  const encoded = encodeParts(client, parts);
  const place = { case: it.name, provider, client, streamed: true };
  expect({ ...place, ...comparable(READERS[client].stream(encoded), client, provider) }).toEqual({
    ...place,
    ...wanted,
  });
  for (const seed of [1, 2, 3]) {
    const random = randomFrom(seed);
    expect(decodeEvents(provider, text, () => 1 + random(60))).toEqual(parts);
  }
  return outline(client, encoded);
}

describe("answers", () => {
  test("every case says for every dialect how it looks there, or why it cannot", () => {
    for (const { name, wire } of ANSWER_CASES) {
      expect({ name, dialects: Object.keys(wire).toSorted() }).toEqual({ name, dialects: NAMES.toSorted() });
    }
  });

  for (const it of ANSWER_CASES) {
    test(it.name, () => {
      const crossings: Crossing[] = [];
      for (const provider of NAMES) {
        const body = it.wire[provider];
        if (typeof body === "string") continue;
        for (const client of NAMES) {
          if (client === provider) continue;
          crossings.push({ from: provider, to: client, value: translateAnswer(it, provider, client, body) });
        }
      }
      expectSnapshot(`answers/${it.name}`, grouped(crossings));
    });
  }

  test("within a dialect an answer comes out as it went in", () => {
    for (const { name, wire } of ANSWER_CASES) {
      for (const dialect of NAMES) {
        const body = wire[dialect];
        if (typeof body === "string") continue;
        const encoded = dialectNamed(dialect).encodeResponse(
          dialectNamed(dialect).decodeResponse(structuredClone(body) as Json),
          replyTo(dialect),
        );
        expect({ name, dialect, body: JSON.parse(JSON.stringify(encoded)) }).toMatchObject({ name, dialect, body });
      }
    }
  });
});
