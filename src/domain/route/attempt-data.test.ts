import { expect, test } from "bun:test";
import type { AttemptData, RouteData } from "./data.ts";
import { Router } from "./router.ts";
import type { RuleVariables } from "./variables.ts";

const POLICY = { name: "weighted", slot: 0 } as const;
const HEDGED: AttemptData = { hedging: { afterMs: 100, percentile: null, max: 1 } };

/** How the attempts of a request for `model` are made. */
function attemptsFor(model: string, data: Partial<RouteData>): AttemptData {
  const router = new Router({ providers: ["p"], aliases: {}, fallbacks: [], rules: [], ...data });
  return router.route({
    model,
    scopes: ["global"],
    variables: { model, provider: "" } as RuleVariables,
    targets: null,
    fallbacks: null,
    providersOf: () => ["p"],
    order: (choices) => choices,
    refuse: () => null,
  }).attempts;
}

const target = { provider: "p", model: "m", weight: 1 };
const alias = (attempts?: AttemptData) => ({
  global: [{ name: "a", targets: [target], policy: POLICY, fallbacks: [], ...(attempts && { attempts }) }],
});
const rule = (attempts: AttemptData) => ({
  name: "r",
  scope: "global",
  priority: 0,
  when: 'model == "a"',
  targets: [target],
  policy: POLICY,
  fallbacks: [],
  chainRule: false,
  attempts,
});

test("without anything stated there is nothing", () => {
  expect(attemptsFor("m", {})).toEqual({});
});

test("the whole configuration's words hold for all, an alias stands in front of them, a rule in front of that", () => {
  const attempts = { ...HEDGED, attemptTimeoutMs: 1000 };
  expect(attemptsFor("m", { attempts, aliases: alias({ hedging: null }) })).toEqual(attempts);
  expect(attemptsFor("a", { attempts, aliases: alias() })).toEqual(attempts);
  expect(attemptsFor("a", { attempts, aliases: alias({ hedging: null }) })).toEqual({
    hedging: null,
    attemptTimeoutMs: 1000,
  });
  expect(
    attemptsFor("a", { attempts, aliases: alias({ hedging: null }), rules: [rule({ attemptTimeoutMs: 5 })] }),
  ).toEqual({ hedging: null, attemptTimeoutMs: 5 });
});
