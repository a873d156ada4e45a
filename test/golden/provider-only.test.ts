import { describe, expect, test } from "bun:test";
import type { Frame } from "../../src/canonical/dialect.ts";
import { GatewayError } from "../../src/canonical/errors.ts";
import type { Json } from "../../src/canonical/json.ts";
import type { StreamPart } from "../../src/canonical/stream-part.ts";
import type { Warning } from "../../src/canonical/warning.ts";
import { chatProviders } from "../../src/compose/dialects.ts";
import { randomFrom } from "../e2e/recorded/player.ts";
import { REQUEST_CASES } from "./cases/requests.ts";
import { lostFacts } from "./lost.ts";
import { mutated } from "./mutate.ts";
import { NAMES } from "./pairs.ts";
import { expectSnapshot } from "./snapshot.ts";
import { decodeWire } from "./translate.ts";

/** Wires of chat that providers alone speak, and the models that tell their forms apart. */
const MODELS: Readonly<Record<string, readonly string[]>> = {
  replicate: ["openai/gpt-4.1-mini", "anthropic/claude-3.5-sonnet", "meta/meta-llama-3-70b-instruct"],
};

const ANSWER: Json = {
  id: "p1",
  status: "succeeded",
  created_at: "2026-01-01T00:00:00Z",
  output: ["Paris", " is sunny."],
  error: null,
  urls: { get: "https://api.replicate.com/v1/predictions/p1", stream: "https://stream.replicate.com/v1/files/x" },
  metrics: { input_token_count: 5, output_token_count: 4 },
};
const FRAMES: readonly Frame[] = [
  { event: "output", data: "Paris" },
  { event: "output", data: " is sunny." },
  { event: "done", data: '{"reason":""}' },
];

function wireOf(name: string) {
  const wire = [...chatProviders.values()].find((each) => each.name === name);
  if (wire === undefined) throw new Error(`no wire ${name}`);
  return wire;
}

/** Runs what may refuse with an error of the catalogue, and nothing else. */
function tolerate(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
}

test("every wire of chat is a dialect of clients or has its models here", () => {
  const others = [...chatProviders.keys()].filter((name) => !NAMES.some((each) => each === name));
  expect(others).toEqual(Object.keys(MODELS) as typeof others);
});

describe.each(Object.entries(MODELS))("%s", (name, models) => {
  const wire = wireOf(name);

  for (const { name: of, wire: bodies, facts } of REQUEST_CASES) {
    test(`request: ${of}`, () => {
      const seen: Record<string, unknown> = {};
      for (const client of NAMES) {
        const body = bodies[client];
        if (typeof body === "string") continue;
        for (const model of models) {
          const request = decodeWire(client, body);
          const warnings: Warning[] = [...request.warnings];
          const encoded = wire.encodeRequest({ ...request, model }, { model, warnings, flags: {} });
          const lost = lostFacts(facts, body, encoded.body);
          if (warnings.length === 0) expect({ client, model, lost }).toEqual({ client, model, lost: [] });
          if (client === "openai-chat") seen[model] = { body: encoded.body, warnings };
        }
      }
      expectSnapshot(`provider-only/${name}/${of}`, seen);
    });
  }

  test("requests that are not as they should be are refused with a reason or encoded", () => {
    const random = randomFrom(1);
    for (const { wire: bodies } of REQUEST_CASES) {
      for (let round = 0; round < 12; round += 1) {
        const body = bodies["openai-chat"];
        if (typeof body === "string") continue;
        const target = { model: models[round % models.length] ?? "", warnings: [], flags: {} };
        tolerate(() => wire.encodeRequest(decodeWire("openai-chat", mutated(body, random)), target));
      }
    }
  });

  test("answers that are not as they should be are refused with a reason or read", () => {
    const random = randomFrom(2);
    for (let round = 0; round < 300; round += 1) {
      const bad = mutated(ANSWER, random);
      wire.followUp?.(bad, round % 2 === 0);
      tolerate(() => wire.decodeResponse(bad));
    }
  });

  test("streams end, once, whatever they bring", () => {
    const random = randomFrom(3);
    for (let round = 0; round < 300; round += 1) {
      const frames = FRAMES.map((frame) => ({ ...frame }));
      const at = random(frames.length);
      const kind = random(4);
      const frame = frames[at] ?? { event: "", data: "" };
      if (kind === 0) frames.splice(at, 1);
      else if (kind === 1) frame.data = frame.data.slice(0, random(frame.data.length));
      else if (kind === 2) frame.event = ["error", "done", "", "x"][random(4)] ?? "";
      else frames.push(...frames.splice(at, 1));
      const decoder = wire.createStreamDecoder();
      const parts: StreamPart[] = [];
      for (const each of frames) decoder.push(each, parts);
      decoder.finish(parts);
      expect(parts.filter(({ type }) => type === "error" || type === "end")).toHaveLength(1);
    }
  });
});
