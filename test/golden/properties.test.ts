import { describe, expect, test } from "bun:test";
import { collectParts } from "../../src/canonical/collect.ts";
import type { ChatDialect } from "../../src/canonical/names.ts";
import { replayResponse } from "../../src/canonical/replay.ts";
import type { ChatRequest, Item } from "../../src/canonical/request.ts";
import type { ChatResponse } from "../../src/canonical/response.ts";
import type { StreamPart } from "../../src/canonical/stream-part.ts";
import type { Warning } from "../../src/canonical/warning.ts";
import { meaningOf, sealedIn, type Meaning } from "./answer-meaning.ts";
import { randomAnswer, randomStream } from "./cases/random-answer.ts";
import { chooserOf } from "./cases/random.ts";
import { randomRequest } from "./cases/random-request.ts";
import { vanished } from "./meaning.ts";
import { dialectNamed, MODELS, NAMES, WORDS_ONLY } from "./pairs.ts";
import { decodeEvents, replyTo } from "./streams.ts";

/** `SEED=7 ROUNDS=1` runs again what a failure named; more rounds look further. */
const SEED = Number(Bun.env["SEED"] ?? 1);
const ROUNDS = Number(Bun.env["ROUNDS"] ?? 150);
const SEEDS = Array.from({ length: ROUNDS }, (_, at) => SEED + at);

interface Sent {
  again: ChatRequest;
  warnings: Warning[];
}

/** What a provider that reads the encoded request understands. */
function sendTo(name: ChatDialect, request: ChatRequest): Sent {
  const dialect = dialectNamed(name);
  const warnings: Warning[] = [];
  const target = { model: MODELS[name], warnings, flags: {}, maxOutputTokens: 64_000 };
  const { body } = dialect.encodeRequest(structuredClone(request), target);
  const wire = { body: JSON.parse(JSON.stringify(body)) };
  const again = dialect.decodeRequest(
    dialect.modelInBody ? wire : { ...wire, pathModel: "m", pathStream: request.stream },
  );
  return { again, warnings };
}

/** The JSON text of an answer for a client. */
function wholeText(client: ChatDialect, response: ChatResponse): string {
  return JSON.stringify(dialectNamed(client).encodeResponse(structuredClone(response), replyTo(client)));
}

/** The bytes of a stream for a client. */
function streamBytes(client: ChatDialect, parts: readonly StreamPart[]): Uint8Array {
  const encoder = dialectNamed(client).createStreamEncoder(replyTo(client));
  return Buffer.concat(parts.map((part) => Buffer.from(encoder.encode(part))));
}

const atOnce = (): number => Number.MAX_SAFE_INTEGER;

/** What a client reads of a whole answer. */
function readWhole(client: ChatDialect, response: ChatResponse): Meaning {
  return meaningOf(dialectNamed(client).decodeResponse(JSON.parse(wholeText(client, response))));
}

/** Whether a wire has a place for such an item: what it has no place for nobody can miss. */
function carries(client: ChatDialect, item: Item, field: "calls" | "thoughts"): boolean {
  const answer: ChatResponse = {
    id: "a",
    model: "m",
    createdAt: 1,
    candidates: [{ index: 0, items: [item], finishReason: "stop" }],
  };
  return (readWhole(client, answer).candidates[0]?.[field].length ?? 0) > 0;
}

const CALL: Item = { type: "tool_call", callId: "c", name: "f", kind: "function", arguments: "{}" };
const THOUGHT: Item = { type: "reasoning", summary: [], text: "Hm." };

describe.each(NAMES.map((name) => [name]))("%s", (name) => {
  test("of a request nothing vanishes without a warning", () => {
    for (const seed of SEEDS) {
      const request = randomRequest(chooserOf(seed));
      const { again, warnings } = sendTo(name, request);
      expect({ seed, lost: vanished(request, again, warnings) }).toEqual({ seed, lost: [] });
    }
  });

  test("the words, calls and thoughts of an answer arrive", () => {
    const hasCalls = carries(name, CALL, "calls");
    const hasThoughts = carries(name, THOUGHT, "thoughts");
    for (const seed of SEEDS) {
      const answer = randomAnswer(chooserOf(seed));
      const [wanted, seen] = [meaningOf(answer).candidates[0], readWhole(name, answer).candidates[0]];
      // Some wires have no refusal beside the text, nor a tool that takes free text.
      const said = { words: seen && seen.text + seen.refusal, calls: seen?.calls.map(([tool]) => tool) };
      const meant = { words: wanted && wanted.text + wanted.refusal, calls: wanted?.calls.map(([tool]) => tool) };
      expect({ seed, ...said }).toEqual({ seed, ...meant, ...(!hasCalls && { calls: [] }) });
      if (hasThoughts) expect({ seed, thoughts: seen?.thoughts }).toEqual({ seed, thoughts: wanted?.thoughts });
    }
  });

  test("a stream says the same as the whole answer", () => {
    for (const seed of SEEDS) {
      const choose = chooserOf(seed);
      const answer = randomAnswer(choose);
      const stream = streamBytes(name, randomStream(answer, choose));
      const parts = decodeEvents(name, stream, atOnce);
      expect({ seed, last: parts.at(-1)?.type }).toEqual({ seed, last: "end" });
      const [streamed, whole] = [meaningOf(collectParts(parts)), readWhole(name, answer)];
      expect({ seed, candidates: streamed.candidates }).toEqual({ seed, candidates: whole.candidates });
      // Id and counts stand beside the words of an answer, where it has no other place for them.
      if (!WORDS_ONLY.has(name)) expect({ seed, ...streamed }).toEqual({ seed, ...whole });
      expect({ seed, sealed: sealedIn(Buffer.from(stream).toString()) }).toEqual({
        seed,
        sealed: sealedIn(wholeText(name, answer)),
      });
    }
  });

  test("how finely a stream is cut into parts does not matter", () => {
    for (const seed of SEEDS) {
      const choose = chooserOf(seed);
      const answer = randomAnswer(choose);
      const fine = collectParts(decodeEvents(name, streamBytes(name, randomStream(answer, choose)), atOnce));
      const coarse = collectParts(decodeEvents(name, streamBytes(name, replayResponse(answer)), atOnce));
      expect({ seed, ...meaningOf(fine) }).toEqual({ seed, ...meaningOf(coarse) });
    }
  });

  test("where the bytes of a stream are cut does not matter", () => {
    for (const seed of SEEDS) {
      const choose = chooserOf(seed);
      const stream = streamBytes(name, randomStream(randomAnswer(choose), choose));
      const parts = decodeEvents(name, stream, atOnce);
      for (const most of [1, 3, 50]) {
        const cut = decodeEvents(name, stream, () => 1 + choose.below(most));
        expect({ seed, most, parts: cut }).toEqual({ seed, most, parts });
      }
    }
  });
});
