import type { z } from "zod";
import { knownKeys, mayHoldSecret } from "./json-schema.ts";
import { valueAt, type Path } from "./path.ts";
import { hint } from "./suggest.ts";

/** A problem before it is located. */
export interface Finding {
  path: Path;
  message: string;
  got?: string;
  remedy?: string;
}

type Issue = z.core.$ZodIssue;

/** What the schema found, in our words. `tree` is the text's own value: what stands in the environment is never shown. */
export function findingsOf(issues: readonly Issue[], tree: unknown, resolved: unknown, above: Path = []): Finding[] {
  return issues.flatMap((issue) => findingsOfIssue(issue, tree, resolved, above));
}

function findingsOfIssue(issue: Issue, tree: unknown, resolved: unknown, above: Path): Finding[] {
  const path = [...above, ...(issue.path as (string | number)[])];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === "invalid_union") return unionFindings(issue, path, tree, resolved);
  if (issue.code === "invalid_key") return [{ path, message: `this name ${firstMessage(issue.issues)}` }];
  if (valueAt(resolved, path) === undefined) return [{ path, message: "is required" }];
  const got = showValue(valueAt(tree, path), path);
  return [{ path, message: messageOf(issue), ...(got !== undefined && { got }), ...remedyOf(issue, tree, path) }];
}

function firstMessage(issues: readonly Issue[]): string {
  const [issue] = issues;
  return issue === undefined ? "is not allowed" : messageOf(issue);
}

function unknownKey(path: Path, key: string): Finding {
  return { path: [...path, key], message: "unknown key", remedy: hint(key, knownKeys(path)) };
}

/** Of several allowed forms, the findings of the one that fits best: the one that is wrong deepest down. */
function unionFindings(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: Path,
  tree: unknown,
  resolved: unknown,
): Finding[] {
  const inner = issue.errors.find((errors) =>
    errors.every((each) => each.path.length > 0 || each.code === "unrecognized_keys"),
  );
  const formatted = issue.errors.find((errors) =>
    errors.every((each) => each.code !== "invalid_type" && each.code !== "invalid_value"),
  );
  const best = inner ?? formatted;
  if (best !== undefined) return findingsOf(best, tree, resolved, path);
  if (valueAt(resolved, path) === undefined) return [{ path, message: "is required" }];
  const forms = issue.errors.map((errors) => firstMessage(errors).replace(/^must be /, ""));
  const got = showValue(valueAt(tree, path), path);
  return [{ path, message: `must be ${[...new Set(forms)].join(", or ")}`, ...(got !== undefined && { got }) }];
}

const EXPECTED: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping of keys to values",
  record: "a mapping of names to values",
};

const FORMATS: Record<string, string> = {
  url: "must be an http or https URL",
  date: "must be an ISO 8601 date, such as 2027-01-31",
  datetime: "must be an ISO 8601 date and time, such as 2027-01-31T12:00:00Z",
};

const WRITERS: { [Code in Issue["code"]]?: (issue: Extract<Issue, { code: Code }>) => string } = {
  invalid_type: ({ expected }) => `must be ${EXPECTED[expected] ?? expected}`,
  invalid_value: ({ values }) => `must be ${values.map(String).join(" or ")}`,
  too_small: ({ minimum, inclusive, origin }) =>
    `must ${bound(origin, inclusive === false ? "more than" : "at least", minimum)}`,
  too_big: ({ maximum, inclusive, origin }) =>
    `must ${bound(origin, inclusive === false ? "less than" : "at most", maximum)}`,
  invalid_format: ({ format, message }) => FORMATS[format] ?? message,
};

function messageOf(issue: Issue): string {
  const write = WRITERS[issue.code] as ((issue: Issue) => string) | undefined;
  return write === undefined ? issue.message : write(issue);
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (limit === 1 && relation === "at least" && (origin === "string" || origin === "array")) return "not be empty";
  if (origin === "string") return `have ${relation} ${limit} characters`;
  return origin === "array" ? `have ${relation} ${limit} entries` : `be ${relation} ${limit}`;
}

function remedyOf(issue: Issue, tree: unknown, path: Path): { remedy: string } | undefined {
  if (issue.code !== "invalid_value") return undefined;
  const value = valueAt(tree, path);
  const near = typeof value === "string" ? hint(value, issue.values.map(String)) : "";
  return near.startsWith("did you mean") ? { remedy: near } : undefined;
}

const MAX_SHOWN = 60;
const CREDENTIAL = /^(?:sk-|pk-|rk-|gsk_|xai-|AIza|AKIA|gh[opsu]_|eyJ|Bearer )/;

/** A scalar as it may stand in a message; undefined for what may be a credential, and for lists and mappings. */
export function showValue(value: unknown, path: Path): string | undefined {
  if (value === null) return "nothing";
  if (typeof value === "object" || value === undefined || mayHoldSecret(path)) return undefined;
  if (typeof value === "string" && CREDENTIAL.test(value)) return undefined;
  const text = JSON.stringify(value) ?? "";
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
