import type { JsonObject } from "../../canonical/json.ts";
import type { FormPart } from "../../canonical/task.ts";
import { spliceValue, type ScanResult, type Span } from "../../lib/json-scan.ts";

/** A body as the client sent it: the text, the same parsed, and where its top-level fields stand. */
export interface RawBody {
  text: string;
  json: JsonObject;
  scan: ScanResult;
  /** The parts of a multipart form, whose text fields then stand in `json`; null for a JSON body. */
  form: readonly FormPart[] | null;
  /** What `json` says otherwise than `text`, because the client said it beside the body; absent: nothing. */
  edits?: Edits;
}

/** Stands in for a body that is not there: not read yet, never sent, or let go of. */
export const NO_BODY: RawBody = {
  text: "",
  json: {},
  scan: { spans: new Map(), duplicates: new Set(), depth: 0, tooDeep: false },
  form: null,
};

/** New values of top-level fields as JSON text; null removes the field. */
export type Edits = ReadonlyMap<string, string | null>;

/**
 * The client's own text with some top-level fields replaced, added or removed; everything else stays byte for byte.
 * A text with duplicate keys is written anew from what was parsed: the upstream must not see another value than the gateway.
 */
export function patchBody(body: RawBody, edits: Edits): string {
  if (body.scan.duplicates.size > 0) return rewrite(body.json, edits);
  return (edits.size === 1 ? replaceOne(body, edits) : undefined) ?? patchAll(body, edits);
}

/** The commonest edit: a value, such as the model's name, is another one. Undefined where it is not that. */
function replaceOne({ text, scan }: RawBody, edits: Edits): string | undefined {
  for (const [key, value] of edits) {
    const span = scan.spans.get(key);
    if (span !== undefined && value !== null) return spliceValue(text, span, value);
  }
  return undefined;
}

function patchAll(body: RawBody, edits: Edits): string {
  let text = body.text;
  const known = [...edits].filter(([key]) => body.scan.spans.has(key));
  known.sort(([one], [other]) => startOf(body.scan, other) - startOf(body.scan, one));
  for (const [key, value] of known) {
    const span = body.scan.spans.get(key);
    if (span === undefined) continue;
    const next = value === null ? removeField(text, key, span) : spliceValue(text, span, value);
    if (next === undefined) return rewrite(body.json, edits);
    text = next;
  }
  return addFields(
    text,
    [...edits].filter(([key, value]) => value !== null && !body.scan.spans.has(key)),
  );
}

function startOf(scan: ScanResult, key: string): number {
  return scan.spans.get(key)?.start ?? 0;
}

function addFields(text: string, fields: [string, string | null][]): string {
  if (fields.length === 0) return text;
  const brace = text.indexOf("{") + 1;
  const added = fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",");
  const isEmpty = text.slice(brace).trimStart().startsWith("}");
  return `${text.slice(0, brace)}${added}${isEmpty ? "" : ","}${text.slice(brace)}`;
}

const COMMA = /\s*,/y;

/** Undefined when the key is spelled with escapes, so that its start cannot be told from the text. */
function removeField(text: string, key: string, value: Span): string | undefined {
  const quoted = `"${key}"`;
  const start = text.lastIndexOf(quoted, value.start);
  if (start < 0 || !/^\s*:\s*$/.test(text.slice(start + quoted.length, value.start))) return undefined;
  COMMA.lastIndex = value.end;
  if (COMMA.test(text)) return text.slice(0, start) + text.slice(COMMA.lastIndex);
  return text.slice(0, start).replace(/,\s*$/, "") + text.slice(value.end);
}

function rewrite(json: JsonObject, edits: Edits): string {
  const copy: JsonObject = { ...json };
  for (const [key, value] of edits) {
    if (value === null) delete copy[key];
    else copy[key] = JSON.parse(value);
  }
  return JSON.stringify(copy);
}
