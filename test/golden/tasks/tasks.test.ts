import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../../src/canonical/errors.ts";
import type { Json, JsonObject } from "../../../src/canonical/json.ts";
import type { DialectName } from "../../../src/canonical/names.ts";
import { randomFrom } from "../../e2e/recorded/player.ts";
import { lostFacts } from "../lost.ts";
import { grouped, type Crossing } from "../pairs.ts";
import { expectSnapshot } from "../snapshot.ts";
import { JSON_OPERATIONS, type TaskAnswerCase, type TaskRequestCase } from "./case.ts";
import { EMBEDDING_ANSWERS, EMBEDDING_REQUESTS } from "./embeddings.ts";
import { MODERATION_ANSWERS, MODERATION_REQUESTS } from "./moderation.ts";
import { mutated } from "../mutate.ts";
import { readTask } from "./reading.ts";
import { RERANK_ANSWERS, RERANK_REQUESTS } from "./rerank.ts";
import { clientsOf, codecOf, decodeAnswer, decodeTask, encodeAnswer, encodeTask, providersOf } from "./translate.ts";

const REQUESTS: readonly TaskRequestCase[] = [...EMBEDDING_REQUESTS, ...MODERATION_REQUESTS, ...RERANK_REQUESTS];
const ANSWERS: readonly TaskAnswerCase[] = [...EMBEDDING_ANSWERS, ...MODERATION_ANSWERS, ...RERANK_ANSWERS];
const ROUNDS = 20;

/** What a provider is not told, because its answer is made so here: how many results are wanted. */
const MET_HERE: Partial<Record<DialectName, readonly unknown[]>> = { tei: [1] };

/** The bodies of a case, by dialect; sentences left out. */
function bodiesOf(wire: TaskRequestCase["wire"]): [DialectName, JsonObject][] {
  return Object.entries(wire).filter((entry): entry is [DialectName, JsonObject] => typeof entry[1] !== "string");
}

/** Runs what may refuse with an error of the catalogue, and nothing else. */
function tolerate<T>(place: object, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw new Error(JSON.stringify(place), { cause: error });
  }
}

describe("requests", () => {
  test("every operation has cases, and every case says for every dialect how it looks there, or why it cannot", () => {
    for (const operation of JSON_OPERATIONS) {
      const own = REQUESTS.filter((it) => it.operation === operation);
      expect(own.length).toBeGreaterThan(2);
      for (const { name, wire } of own) {
        expect({ name, dialects: Object.keys(wire).toSorted() }).toEqual({ name, dialects: clientsOf(operation) });
      }
    }
  });

  for (const { operation, name, wire, facts } of REQUESTS) {
    test(`${operation}: ${name}`, () => {
      const crossings: Crossing[] = [];
      for (const [client, body] of bodiesOf(wire)) {
        for (const provider of providersOf(operation)) {
          const request = decodeTask(client, operation, body);
          if (client === provider) {
            // The body comes out as it went in, but for the model's name.
            const { body: seen, warnings } = {
              body: {},
              warnings: [],
              ...encodeTask(provider, operation, request, "client-model"),
            };
            const own = codecOf(client, operation).modelInBody ? { model: "client-model", ...body } : body;
            expect({ client, warnings, seen }).toMatchObject({ client, warnings: [], seen: own });
            continue;
          }
          const translated = encodeTask(provider, operation, request, "provider-model");
          if (!("refused" in translated) && translated.warnings.length === 0) {
            const lost = lostFacts(facts, body, translated.body).filter((fact) => !MET_HERE[provider]?.includes(fact));
            expect({ client, provider, lost }).toEqual({ client, provider, lost: [] });
          }
          crossings.push({ from: client, to: provider, value: translated });
        }
      }
      if (crossings.length > 0) expectSnapshot(`tasks/${operation}/request-${name}`, grouped(crossings));
    });
  }

  test("those that are not as they should be are refused with a reason or encoded", () => {
    for (const [number, { operation, name, wire }] of REQUESTS.entries()) {
      for (const [client, body] of bodiesOf(wire)) {
        const random = randomFrom(number + 1);
        for (let round = 0; round < ROUNDS; round += 1) {
          const bad = mutated<JsonObject>(body, random);
          const place = { operation, name, client, bad };
          const request = tolerate(place, () => decodeTask(client, operation, bad));
          if (request === undefined) continue;
          expect(codecOf(client, operation).weigh(request).inputTokens).toBeGreaterThanOrEqual(0);
          for (const provider of providersOf(operation)) {
            tolerate({ ...place, provider }, () => encodeTask(provider, operation, request, "m"));
          }
        }
      }
    }
  });
});

describe("answers", () => {
  for (const { operation, name, request: asked, wire } of ANSWERS) {
    test(`${operation}: ${name}`, () => {
      expect(Object.keys(wire).toSorted()).toEqual(providersOf(operation));
      const asking = REQUESTS.find((it) => it.operation === operation && it.name === asked);
      const crossings: Crossing[] = [];
      for (const [provider, body] of bodiesOf(wire)) {
        for (const [client, ask] of bodiesOf(asking?.wire ?? {})) {
          const request = decodeTask(client, operation, ask);
          const encoded = encodeAnswer(client, operation, decodeAnswer(provider, operation, body, request), request);
          const place = { provider, client };
          expect({ ...place, read: readTask(operation, encoded) }).toEqual({
            ...place,
            read: readTask(operation, body),
          });
          crossings.push({ from: provider, to: client, value: encoded });
        }
      }
      expectSnapshot(`tasks/${operation}/answer-${name}`, grouped(crossings));
    });
  }

  test("those that are not as they should be are refused with a reason or encoded", () => {
    for (const [number, { operation, name, request: asked, wire }] of ANSWERS.entries()) {
      const asking = REQUESTS.find((it) => it.operation === operation && it.name === asked);
      for (const [provider, body] of bodiesOf(wire)) {
        const random = randomFrom(number + 1);
        for (let round = 0; round < ROUNDS; round += 1) {
          const bad: Json = mutated<JsonObject>(body, random);
          for (const [client, ask] of bodiesOf(asking?.wire ?? {})) {
            const request = decodeTask(client, operation, ask);
            tolerate({ operation, name, provider, client, bad }, () =>
              encodeAnswer(client, operation, decodeAnswer(provider, operation, bad, request), request),
            );
          }
        }
      }
    }
  });
});
