import { describe, expect, test } from "bun:test";
import { collectParts } from "../../src/canonical/collect.ts";
import type { Frame } from "../../src/canonical/dialect.ts";
import { GatewayError } from "../../src/canonical/errors.ts";
import type { JsonObject } from "../../src/canonical/json.ts";
import type { ChatDialect } from "../../src/canonical/names.ts";
import { replayResponse } from "../../src/canonical/replay.ts";
import type { StreamPart } from "../../src/canonical/stream-part.ts";
import { eventsIn } from "../e2e/reading/events.ts";
import { randomFrom } from "../e2e/recorded/player.ts";
import { ANSWER_CASES } from "./cases/answers.ts";
import { REQUEST_CASES } from "./cases/requests.ts";
import { mutated } from "./mutate.ts";
import { dialectNamed, MODELS, NAMES } from "./pairs.ts";
import { encodeParts, replyTo } from "./streams.ts";

const ROUNDS = 12;

type Random = (below: number) => number;

/** Runs what may refuse with an error of the catalogue, and nothing else. */
function tolerate<T>(place: object, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw new Error(JSON.stringify(place), { cause: error });
  }
}

function mutatedFrames(provider: ChatDialect, events: readonly string[], random: Random): Frame[] {
  const frames: Frame[] = eventsIn(provider, events.join(""));
  for (let count = 0; count <= random(3); count += 1) {
    const at = random(frames.length);
    const frame = frames[at];
    if (frame === undefined) continue;
    const kind = random(8);
    if (kind === 0) frames.splice(at, 1);
    else if (kind === 1) frames.splice(at, 0, { ...frame });
    else if (kind === 2) frames.push(...frames.splice(at, 1));
    else if (kind === 3) frame.data = frame.data.slice(0, random(frame.data.length));
    else if (frame.data.startsWith("{")) frame.data = tolerateJson(frame.data, random);
  }
  return frames;
}

/** A frame that was cut off before is no JSON any more. */
function tolerateJson(text: string, random: Random): string {
  try {
    return JSON.stringify(mutated(JSON.parse(text), random));
  } catch {
    return text;
  }
}

function decodeFrames(provider: ChatDialect, frames: readonly Frame[]): StreamPart[] {
  const decoder = dialectNamed(provider).createStreamDecoder();
  const parts: StreamPart[] = [];
  for (const frame of frames) decoder.push(frame, parts);
  decoder.finish(parts);
  return parts;
}

describe("what is not as it should be", () => {
  test("requests are refused with a reason or encoded", () => {
    for (const [number, { name, wire }] of REQUEST_CASES.entries()) {
      for (const client of NAMES) {
        const body = wire[client];
        if (typeof body === "string") continue;
        const random = randomFrom(number + 1);
        for (let round = 0; round < ROUNDS; round += 1) {
          const bad: JsonObject = mutated({ model: "m", ...body }, random);
          const place = { name, client, bad };
          const request = tolerate(place, () => dialectNamed(client).decodeRequest({ body: bad, pathModel: "m" }));
          if (request === undefined) continue;
          for (const provider of NAMES) {
            const target = { model: MODELS[provider], warnings: [], flags: {} };
            tolerate({ ...place, provider }, () =>
              JSON.stringify(dialectNamed(provider).encodeRequest(request, target)),
            );
          }
        }
      }
    }
  });

  test("answers are refused with a reason or encoded, whole and replayed", () => {
    for (const [number, { name, wire }] of ANSWER_CASES.entries()) {
      for (const provider of NAMES) {
        const body = wire[provider];
        if (typeof body === "string") continue;
        const random = randomFrom(number + 1);
        for (let round = 0; round < ROUNDS; round += 1) {
          const bad = mutated(body, random);
          const response = tolerate({ name, provider, bad }, () => dialectNamed(provider).decodeResponse(bad));
          if (response === undefined) continue;
          for (const client of NAMES) {
            tolerate({ name, provider, client, bad }, () =>
              JSON.stringify(dialectNamed(client).encodeResponse(response, replyTo(client))),
            );
            tolerate({ name, provider, client, bad }, () => encodeParts(client, replayResponse(response)));
          }
        }
      }
    }
  });

  test("a time that no calendar has is no reason to fail", () => {
    for (const createdAt of [1e300, -1e300, 8.64e12 + 1]) {
      const response = { id: "x", model: "m", createdAt, candidates: [] };
      for (const client of NAMES) {
        expect(() => JSON.stringify(dialectNamed(client).encodeResponse(response, replyTo(client)))).not.toThrow();
        expect(() => encodeParts(client, replayResponse(response))).not.toThrow();
      }
    }
  });

  test("streams end, once, whatever they bring", () => {
    for (const [number, { name, events }] of ANSWER_CASES.entries()) {
      if (events === undefined) continue;
      for (const provider of NAMES) {
        const written = events[provider];
        if (written === undefined) continue;
        const random = randomFrom(number + 1);
        for (let round = 0; round < ROUNDS * 4; round += 1) {
          const frames = mutatedFrames(provider, written, random);
          const parts = decodeFrames(provider, frames);
          const ends = parts.filter(({ type }) => type === "error" || type === "end");
          expect({ name, provider, frames, ends: ends.length }).toEqual({ name, provider, frames, ends: 1 });
          expect(() => collectParts(parts)).not.toThrow();
          for (const client of NAMES) expect(() => encodeParts(client, parts)).not.toThrow();
        }
      }
    }
  });
});
