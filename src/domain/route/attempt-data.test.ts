import { expect, test } from "bun:test";
import type { AttemptData, RouteData } from "./data.ts";
import { aliasOf, askRouter, routerOf, ruleOf } from "./fixtures/question.ts";

const HEDGED: AttemptData = { hedging: { afterMs: 100, percentile: null, max: 1 } };

/** How the attempts of a request for `model` are made. */
function attemptsFor(model: string, data: Partial<RouteData>): AttemptData {
  return askRouter(routerOf(data), { model }).attempts;
}

const target = { provider: "one", model: "m", weight: 1 };
const alias = (attempts?: AttemptData) => ({ global: [aliasOf("a", [target], attempts && { attempts })] });
const rule = (attempts: AttemptData) => ruleOf({ when: 'model == "a"', targets: [target], attempts });

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
