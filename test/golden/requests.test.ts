import { describe, expect, test } from "bun:test";
import type { ChatDialect } from "../../src/canonical/names.ts";
import { WIRES } from "../e2e/provider/index.ts";
import { REQUEST_CASES } from "./cases/requests.ts";
import { lostFacts } from "./lost.ts";
import { dialectNamed, grouped, MODELS, NAMES, OWN_MODELS, type Crossing } from "./pairs.ts";
import { expectSnapshot } from "./snapshot.ts";
import { decodeWire, encodeFor, holds, translateRequest } from "./translate.ts";

/** A path as the provider's own reader of requests expects it. */
function pathAt(provider: ChatDialect): string {
  if (provider === "bedrock-converse") return "/model/m/converse";
  return provider === "gemini" ? "/models/m:generateContent" : "/";
}

describe("requests", () => {
  test("every case says for every dialect how it looks there, or why it cannot", () => {
    for (const { name, wire } of REQUEST_CASES)
      expect({ name, dialects: Object.keys(wire).toSorted() }).toEqual({ name, dialects: NAMES.toSorted() });
  });

  for (const { name, wire, facts, ownModel } of REQUEST_CASES) {
    test(name, () => {
      const crossings: Crossing[] = [];
      for (const client of NAMES) {
        const body = wire[client];
        if (typeof body === "string") continue;
        for (const provider of NAMES) {
          if (client === provider) {
            // The body comes out as it went in, but for the model's name.
            const model = ownModel?.[client] ?? OWN_MODELS[client];
            const own = dialectNamed(client).modelInBody ? { model, ...body } : body;
            const headers = dialectNamed(client).relayHeaders?.(model, decodeWire(client, body)) ?? {};
            expect(translateRequest(client, client, body, model)).toEqual({ body: own, headers, warnings: [] });
            continue;
          }
          const translated = translateRequest(client, provider, body, MODELS[provider]);
          const lost = lostFacts(facts, body, translated.body).filter(
            (fact) => fact !== "ephemeral" || !holds(translated.body, "cachePoint"),
          );
          if (translated.warnings.length === 0)
            expect({ client, provider, lost }).toEqual({ client, provider, lost: [] });
          expect(() => WIRES[provider].read(pathAt(provider), translated.body)).not.toThrow();
          crossings.push({ from: client, to: provider, value: translated });
        }
      }
      expectSnapshot(`requests/${name}`, grouped(crossings));
    });
  }

  test("a request may be encoded for one target after another", () => {
    for (const { name, wire } of REQUEST_CASES) {
      for (const client of NAMES) {
        const body = wire[client];
        if (typeof body === "string") continue;
        const request = decodeWire(client, body);
        for (const provider of [...NAMES, ...NAMES]) {
          const alone = translateRequest(client, provider, body, MODELS[provider]);
          expect({ name, client, provider, ...encodeFor(provider, request, MODELS[provider]) }).toEqual({
            name,
            client,
            provider,
            ...alone,
          });
        }
      }
    }
  });
});
