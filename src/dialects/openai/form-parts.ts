import type { JsonObject } from "../../canonical/json.ts";
import type { MediaBytes } from "../../canonical/media-bytes.ts";
import type { FormPart } from "../../canonical/task.ts";

/** Text fields of a form: lists as `name[]`, objects as JSON, absent ones left out. */
export function fieldParts(fields: JsonObject): FormPart[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined || value === null) return [];
    const isList = Array.isArray(value);
    const own = isList && !name.endsWith("[]") ? `${name}[]` : name;
    return (isList ? value : [value]).map((each) => {
      const text = typeof each === "string" ? each : JSON.stringify(each);
      return { name: own, data: Buffer.from(text) };
    });
  });
}

/** A file of a form. */
export function filePart(name: string, { data, filename, mediaType }: MediaBytes): FormPart {
  return { name, filename, contentType: mediaType, data };
}
