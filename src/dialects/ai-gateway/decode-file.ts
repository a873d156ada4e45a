import type { Part, Source } from "../../canonical/content.ts";
import { inlineData } from "../../canonical/data-url.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { decodeCache } from "./provider-state.ts";
import { AI_GATEWAY, objectOf, textOf } from "./wire.ts";

interface Found {
  source: Source;
  mediaType?: string;
}

/**
 * A `file` part. Its data is a URL (`data:` too) or base64; in version 4 an object that says which: `data`, `url`,
 * `reference` (ids by provider) or `text`. Undefined when there is none.
 */
export function decodeFile(part: JsonObject): Part | undefined {
  const found = decodeData(part["data"]);
  if (found === undefined) return undefined;
  const options = objectOf(part["providerOptions"]);
  const cache = decodeCache(options);
  const mediaType = fullType(textOf(part["mediaType"])) ?? found.mediaType;
  const kind = (textOf(part["mediaType"]) ?? mediaType ?? "").split("/")[0];
  const filename = textOf(part["filename"]);
  const common = {
    source: found.source,
    ...(mediaType !== undefined && { mediaType }),
    ...(cache !== undefined && { cache }),
    ...(options !== undefined && { extensions: { [AI_GATEWAY]: { providerOptions: options } } }),
  };
  if (kind === "image" || kind === "audio" || kind === "video") return { type: kind, ...common };
  return { type: "file", ...common, ...(filename !== undefined && { filename }) };
}

/** Where bytes come from, in any version's form. */
function decodeData(data: Json | undefined): Found | undefined {
  if (typeof data === "string") return fromText(data);
  const tagged = objectOf(data);
  switch (tagged?.["type"]) {
    case "data":
    case "url":
      return fromText(textOf(tagged[tagged["type"]]) ?? "");
    case "text":
      return { source: { type: "text", text: textOf(tagged["text"]) ?? "" } };
    case "reference":
      return fromReference(objectOf(tagged["reference"]));
    default:
      return undefined;
  }
}

function fromText(text: string): Found | undefined {
  if (text === "") return undefined;
  const inline = inlineData(text);
  if (inline !== undefined) {
    const mediaType = fullType(inline.mediaType);
    return { source: { type: "base64", data: inline.data }, ...(mediaType !== undefined && { mediaType }) };
  }
  return { source: /^[a-z][a-z0-9+.-]*:/i.test(text) ? { type: "url", url: text } : { type: "base64", data: text } };
}

function fromReference(ids: JsonObject | undefined): Found | undefined {
  const id = Object.values(ids ?? {}).find((each) => typeof each === "string");
  return typeof id === "string" ? { source: { type: "file_id", id } } : undefined;
}

/** `image/*` and `image` say what it is, but no type that other wires take. */
function fullType(text: string | undefined): string | undefined {
  return text !== undefined && /^[^/*]+\/[^/*]+$/.test(text) ? text : undefined;
}
