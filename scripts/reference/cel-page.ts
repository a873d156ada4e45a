import { RULE_ENVIRONMENT, type RuleVariables } from "../../src/domain/route/variables.ts";
import type { Overload } from "../../src/lib/cel/functions/overload.ts";
import { STANDARD_FUNCTIONS } from "../../src/lib/cel/functions/standard.ts";
import { DEFAULT_LIMITS, formatType, type CelType } from "../../src/lib/cel/index.ts";
import { FIRST_OPERATIONS } from "../../src/canonical/names.ts";
import { MACRO_NAMES } from "../../src/lib/cel/syntax/macros.ts";
import { code, page, table } from "./table.ts";

const MEANING: Readonly<Record<keyof RuleVariables, string>> = {
  headers: "The request's headers, names in lower case.",
  params: "The request's body as it was sent, whatever the dialect.",
  metadata: "The body's `metadata` object; empty when there is none.",
  model: "The model asked for, without the provider; in a chain, the one that the last rule chose.",
  provider: "The provider asked for, empty when the request names none; in a chain, the one that the last rule chose.",
  operation: `${["chat", "responses", "count_tokens", "realtime", ...FIRST_OPERATIONS].map(code).join(", ")}. Rules do not see [passthrough, files and batches at a provider that the request names, and jobs that run](../guides/routing.md#confining).`,
  stream: "Whether the answer is streamed.",
  input_tokens: "Estimate: a quarter of the body's bytes, 1,200 for each image, file or clip.",
  has_tools: "Whether the request offers tools.",
  has_images: "Whether a message holds an image.",
  virtual_key: "Who calls. Fields of an absent one do not exist: `has(virtual_key.name)` tells.",
  team: "The virtual key's team.",
  customer: "The virtual key's customer, or its team's.",
  user: "The virtual key's user.",
  budget_used: "Percent of the fullest budget that applies, reservations included; 0 without one.",
  rate_limit_used: "Percent of the fullest limit on requests that applies.",
  tokens_used: "Percent of the fullest limit on tokens that applies.",
  health:
    "How well each configured target is, by `provider/model`: 1 when it is well, 0 when its breaker is open or all its keys rest.",
  complexity:
    "How demanding a chat is, by rules: `.tier` is `simple`, `medium`, `complex` or `reasoning`, `.score` from 0 to 1. Needs `routing.complexity.enabled`; absent for what is no chat. See [semantic routing](../guides/semantic-routing.md).",
  classes:
    "What the classifiers of `routing.classifiers` found, by their names: `.label` and `.score`, from 0 to 1. A classifier that asks elsewhere runs when a rule reads it.",
  now: "When the request arrived.",
};

const LEAD = `What the condition \`when\` of a routing rule may use. Conditions are written in the
[Common Expression Language](https://github.com/google/cel-spec), are checked for types when the configuration is loaded, and must give a
bool. A condition that fails while it is evaluated (a map without the key, a step too many) does not match, and the route's trace says so; a key
that is not there is no error to speak of, so \`headers["x-tier"] == "premium"\` needs no \`has\`.`;

/** The reference page of the variables and functions of rules. */
export function celPage(): string {
  const variables = Object.entries(RULE_ENVIRONMENT.variables).map(([name, type]) => [
    code(name),
    code(typeName(type)),
    MEANING[name as keyof RuleVariables],
  ]);
  const { maxLength, maxNodes, maxDepth, maxSteps } = DEFAULT_LIMITS;
  const limits = [maxLength, maxNodes, maxDepth, maxSteps].map((limit) => limit.toLocaleString("en-US"));
  return page(
    "CEL variables and functions",
    LEAD,
    `## Variables\n\nA party is an object with \`name\`, \`id\` (both text) and \`tags\` (a map of texts).\n\n${table(["name", "type", "meaning"], variables)}`,
    `## Macros\n\n${["cel.bind", ...MACRO_NAMES].toSorted().map(code).join(", ")}`,
    `## Functions\n\nBeside the operators. \`matches\` takes RE2 expressions, whose time is linear in the text.\n\n${table(["name", "forms"], functionRows())}`,
    `## Limits\n\nAn expression has at most ${limits[0]} characters, ${limits[1]} nodes and ${limits[2]} levels of nesting, and an evaluation at most ${limits[3]} steps.`,
  );
}

/** Functions of any number of arguments have a form for each number. */
const MANY_FORMS = 10;
const SHOWN_FORMS = 4;

const PARTIES = ["virtual_key", "team", "customer", "user"];

function typeName(type: CelType): string {
  return type.kind === "object" && PARTIES.includes(type.name) ? "party" : formatType(type);
}

function functionRows(): string[][] {
  const named = Object.entries(STANDARD_FUNCTIONS).filter(([name]) => /^[a-z]/i.test(name));
  return named
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, overloads]) => [code(name), formsOf(name, overloads)]);
}

function formsOf(name: string, overloads: readonly Overload[]): string {
  const forms = [...new Set(overloads.map((overload) => code(formOf(name, overload))))];
  if (forms.length <= MANY_FORMS) return forms.join("<br>");
  const most = Math.max(...overloads.map(({ params }) => params.length));
  return `${forms.slice(0, SHOWN_FORMS).join("<br>")}<br>… with up to ${most} arguments`;
}

function formOf(name: string, { method, params, result }: Overload): string {
  const types = params.map(formatType);
  const call = method ? `${types[0]}.${name}(${types.slice(1).join(", ")})` : `${name}(${types.join(", ")})`;
  return `${call} → ${formatType(result)}`;
}
