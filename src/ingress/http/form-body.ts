import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { RawBody } from "../../domain/attempt/patch.ts";
import { MultipartError, readForm, type MultipartPart } from "../../lib/multipart.ts";

/** Longer text fields are files in disguise. */
const MAX_FIELD_BYTES = 1024 * 1024;

/** A multipart form: its parts, and its text fields as an object. Throws a `GatewayError` that says what is wrong with it. */
export function parseForm(bytes: Uint8Array, boundary: string): RawBody {
  try {
    const form = readForm(bytes, boundary);
    const json = fieldsOf(form);
    checkNames(form, json);
    return { text: "", json, scan: NO_SCAN, form };
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error;
    throw new GatewayError("invalid_request", `the body is no multipart form: ${error.message}`);
  }
}

/** Of a name that stands as text and as file, gateway and provider could each take another for the value. */
function checkNames(form: readonly MultipartPart[], json: JsonObject): void {
  const both = form.find(({ name, filename }) => filename !== undefined && Object.hasOwn(json, name));
  if (both === undefined) return;
  throw new GatewayError("invalid_request", `${both.name}: stands in the form as a text and as a file`, {
    param: both.name,
  });
}

const NO_SCAN = { spans: new Map(), duplicates: new Set<string>(), depth: 0, tooDeep: false };

/** A name that stands several times, or ends with `[]`, has all its values. */
function fieldsOf(form: readonly MultipartPart[]): JsonObject {
  const fields: Record<string, Json> = Object.create(null);
  for (const part of form) {
    if (part.filename !== undefined) continue;
    if (part.data.byteLength > MAX_FIELD_BYTES) {
      throw new GatewayError("invalid_request", `${part.name}: longer than ${MAX_FIELD_BYTES} bytes`, {
        param: part.name,
      });
    }
    const text = Buffer.from(part.data).toString("utf8");
    const known = fields[part.name];
    if (known === undefined) fields[part.name] = part.name.endsWith("[]") ? [text] : text;
    else if (Array.isArray(known)) known.push(text);
    else fields[part.name] = [known, text];
  }
  return { ...fields };
}
