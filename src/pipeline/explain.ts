import { explainRoute, explainRule } from "../canonical/explain-route.ts";
import type { ExplainedRule, RouteExplanation, TraceStep } from "../canonical/trace.ts";
import type { RuleData } from "../domain/route/data.ts";
import type { Route } from "../domain/route/router.ts";
import type { RequestContext } from "./context.ts";
import { addWarning } from "../canonical/warning.ts";
import { noteRoute } from "./note-route.ts";

/** Rules that did not match beyond so many are only counted. */
const MOST_RULES = 200;

/** Why the request goes where it goes, with every rule that was looked at; null before anything was decided. */
export function explainContext(context: RequestContext): RouteExplanation | null {
  const { decided, trace, attempts, targets } = context;
  if (decided === null && targets.length === 0) return null;
  const rules = decided === null ? [] : listRules(context, decided);
  return explainRoute({ note: noteRoute(context), trace, attempts, rules });
}

/** The explanation as the text of a JSON object, as answers carry it. */
export function explanationText(context: RequestContext): string {
  return JSON.stringify({ request_id: context.arrival.id, route: explainContext(context) });
}

/** The explanation as a comment of server-sent events, which every client skips (https://html.spec.whatwg.org/#parsing-an-event-stream). */
export function explanationComment(context: RequestContext): string {
  return `: trunkline-route ${explanationText(context)}\n\n`;
}

/** Whether an answer of this content type has room for comments that the client's dialect skips. */
export function takesComments({ arrival }: RequestContext, contentType: string): boolean {
  return contentType.startsWith("text/event-stream") && arrival.chat?.refusesComments !== true;
}

/** Warns that an answer of this kind has no room for an explanation. */
export function warnUnexplained({ warnings }: RequestContext): void {
  const message = "an answer of this kind has no room for the explanation: it stands on the record";
  addWarning(warnings, { code: "unsupported_field", field: "x-trunkline-explain", message });
}

/** The rules of each round in the order in which they were looked at; the trace tells of those that did anything. */
function listRules({ snapshot, scopes, trace }: RequestContext, { stops }: Route): ExplainedRule[] {
  const told = trace.filter(({ step }) => step === "rule");
  const rules: ExplainedRule[] = [];
  let silent = 0;
  for (const stop of stops) {
    for (const rule of snapshot.router.rulesBefore(scopes, stop)) {
      if (isAbout(told[0], rule)) rules.push(explainRule(told.shift() ?? { result: rule.name }));
      else if ((silent += 1) <= MOST_RULES) rules.push(noMatch(rule));
    }
    if (stop !== null && isAbout(told[0], stop)) rules.push(explainRule(told.shift() ?? { result: stop.name }));
  }
  for (const step of told) rules.push(explainRule(step));
  return rules;
}

function isAbout(step: TraceStep | undefined, { name, scope }: RuleData): boolean {
  return step?.result === name && step.scope === scope;
}

function noMatch({ name, scope }: RuleData): ExplainedRule {
  return explainRule({ result: name, scope, outcome: "no_match" });
}
