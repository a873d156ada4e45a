import { describe, expect, test } from "bun:test";
import { REQUEST_CASES } from "./cases/requests.ts";
import { grouped, MODELS, NAMES, OWN_MODELS } from "./pairs.ts";
import { expectSnapshot } from "./snapshot.ts";
import { holds, translateRequest } from "./translate.ts";

describe("requests", () => {
  test("every case says for every dialect how it looks there, or why it cannot", () => {
    for (const { name, wire } of REQUEST_CASES)
      expect({ name, dialects: Object.keys(wire).toSorted() }).toEqual({ name, dialects: NAMES.toSorted() });
  });

  for (const { name, wire, facts, ownModel } of REQUEST_CASES) {
    test(name, () => {
      const entries = [];
      for (const client of NAMES) {
        const body = wire[client];
        if (typeof body === "string") continue;
        for (const provider of NAMES) {
          if (client === provider) {
            // The body comes out as it went in, but for the model's name.
            const model = ownModel?.[client] ?? OWN_MODELS[client];
            const own = client === "gemini" ? body : { model, ...body };
            expect(translateRequest(client, client, body, model)).toEqual({ body: own, headers: {}, warnings: [] });
            continue;
          }
          const translated = translateRequest(client, provider, body, MODELS[provider]);
          const lost = facts.filter((fact) => holds(body, fact) && !holds(translated.body, fact));
          if (translated.warnings.length === 0)
            expect({ client, provider, lost }).toEqual({ client, provider, lost: [] });
          entries.push({ client, provider, value: translated });
        }
      }
      expectSnapshot(`requests/${name}`, grouped(entries));
    });
  }
});
