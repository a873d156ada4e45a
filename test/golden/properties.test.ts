import { describe, expect, test } from "bun:test";
import type { ChatDialect } from "../../src/canonical/names.ts";
import type { ChatRequest } from "../../src/canonical/request.ts";
import type { Warning } from "../../src/canonical/warning.ts";
import { vanished } from "./meaning.ts";
import { chooserOf } from "./cases/random.ts";
import { randomRequest } from "./cases/random-request.ts";
import { dialectNamed, MODELS, NAMES } from "./pairs.ts";

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

describe("properties", () => {
  for (const name of NAMES) {
    test(`${name}: of a request nothing vanishes without a warning`, () => {
      for (const seed of SEEDS) {
        const request = randomRequest(chooserOf(seed));
        const { again, warnings } = sendTo(name, request);
        expect({ seed, lost: vanished(request, again, warnings) }).toEqual({ seed, lost: [] });
      }
    });
  }
});
