import type { Decision, LimitStanding, SimulatedTarget } from "../canonical/decision.ts";
import type { ExplainedAttempt, ExplainedCandidate, ExplainedRule, RouteExplanation } from "../canonical/trace.ts";

/** An explanation as lines for people. */
export function routeLines(route: RouteExplanation): string[] {
  const silent = route.rules_not_matched - route.rules.filter(({ result }) => result === "no_match").length;
  const rules = route.rules.map(ruleLine);
  if (silent > 0) rules.push(`${silent} ${rules.length > 0 ? "more " : ""}did not match`);
  return [
    ...section("rules", rules),
    ...section("aliases", route.aliases.length === 0 ? [] : [route.aliases.join(" → ")]),
    ...section("ranked by", rankedBy(route)),
    ...section("candidates", route.candidates.map(candidateLine)),
    ...section(
      "steps",
      route.steps.map(({ step, result }) => `${step}: ${result}`),
    ),
    ...section("attempts", route.attempts.map(attemptLine)),
  ];
}

/** A decision that was only tried out, as lines for people. */
export function decisionLines(decision: Decision): string[] {
  const { request, error, estimate, route } = decision;
  const who = request.virtual_key === null ? "nobody's key" : `key ${request.virtual_key}`;
  const asked = `${request.model ?? "?"}  (${request.operation}, ${request.dialect}, ${who}, ${request.time})`;
  const verdict = error === null ? "routed" : `refused with ${decision.status} ${error.code}: ${error.message}`;
  return [
    asked,
    verdict,
    `about ${estimate.input_tokens} input tokens`,
    ...(route === null ? [] : routeLines(route)),
    ...section("would be tried", decision.targets.flatMap(targetLines)),
    ...section("limits", decision.limits.map(limitLine)),
    ...section(
      "warnings",
      decision.warnings.map(({ field, message }) => `${field}: ${message}`),
    ),
    ...section("first of draws", drawnLines(decision)),
  ].map(printable);
}

/** Texts of callers stand in these lines: none of them may command a terminal. */
export function printable(line: string): string {
  return line.replace(/\p{Cc}|[\u2028\u2029]/gu, "?");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function ruleLine({ name, scope, result, text }: ExplainedRule): string {
  const where = scope === null ? "" : ` (${scope})`;
  return `${name}${where}: ${result.replaceAll("_", " ")}${text === null ? "" : `: ${text}`}`;
}

function rankedBy({ policy, draw, sort }: RouteExplanation): string[] {
  const drew = draw === null ? "" : `, drew ${draw}`;
  return [...(policy === null ? [] : [policy + drew]), ...(sort === null ? [] : [`${sort}, as the request asks`])];
}

function placeOf({ provider, model, key }: { provider: string; model: string; key: string | null }): string {
  return `${provider}/${model}${key === null ? "" : `#${key}`}`;
}

function candidateLine(it: ExplainedCandidate): string {
  const facts = [
    it.name === null ? it.from : `${it.from} ${it.name}`,
    ...(it.via.length === 0 ? [] : [`via ${it.via.join(" → ")}`]),
    ...(it.weight === null ? [] : [`weight ${it.weight}`]),
    ...(it.score === null ? [] : [`score ${it.score}`]),
  ];
  const aside = it.left_out === null ? "" : `: left out, ${it.left_out.text}`;
  const last = it.put_last === null ? "" : `: goes last, ${it.put_last.text}`;
  return `${placeOf(it)}  (${facts.join(", ")})${aside}${last}`;
}

function attemptLine(it: ExplainedAttempt): string {
  return `${placeOf(it)}: ${it.error_code ?? "answered"}, status ${it.status}, ${it.duration_ms} ms`;
}

function targetLines(it: SimulatedTarget): string[] {
  const keys = it.keys.map(({ name, resting }) => (resting ? `${name} (rests)` : name)).join(", ");
  const price = it.price === null ? "price unknown" : `$${it.price.input} in, $${it.price.output} out per million`;
  const cost = it.most_cost_usd === null ? "" : `, at most $${it.most_cost_usd}`;
  const aside = it.left_out === null ? "" : `: left out, ${it.left_out.text}`;
  const last = it.put_last === null ? "" : `: goes last, ${it.put_last.text}`;
  const lost = it.warnings.map(({ field, message }) => `  ${field}: ${message}`);
  return [`${placeOf(it)}  keys ${keys === "" ? "none" : keys}; ${price}${cost}${aside}${last}`, ...lost];
}

function limitLine({ scope, metric, limit, used, need }: LimitStanding): string {
  const wants = need === null ? "" : `, needs ${need}`;
  return `${scope}: ${used} of ${limit} ${metric} used${wants}`;
}

function drawnLines({ distribution }: Decision): string[] {
  if (distribution === null) return [];
  const { first, refused } = distribution;
  const lines = first.map((each) => `${placeOf(each)}: ${each.count} (${Math.round(each.share * 1000) / 10} %)`);
  return refused === 0 ? lines : [...lines, `none that may serve: ${refused}`];
}
