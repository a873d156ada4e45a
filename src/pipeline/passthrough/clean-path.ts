import { GatewayError } from "../../canonical/errors.ts";

/** What could make a provider, or a proxy before it, read another path than the one that was looked at. */
const UNSAFE = /\/\/|\\|%2f|%5c|%00|%25(?:2e|2f|5c)|[^\x21-\x7e]/i;
const DOTS = /^(?:\.|%2e){1,2}$/i;

/**
 * The path of a request that passes through, fit to follow a base URL. Throws `invalid_request` for one that could lead out
 * of it: `..`, `//`, backslashes, and slashes or dots that are encoded.
 */
export function cleanPath(path: string): string {
  if (!path.startsWith("/") || UNSAFE.test(path) || path.split("/").some(isDots)) {
    throw new GatewayError("invalid_request", "the path holds dot segments, double, backward or encoded slashes", {
      param: "path",
    });
  }
  // Braces stand for settings in the paths of manifests.
  return path.replaceAll("{", "%7B").replaceAll("}", "%7D").replaceAll("#", "%23");
}

/** Path parameters (`..;x`) are cut off by some servers. */
function isDots(segment: string): boolean {
  return DOTS.test(segment.split(";")[0] ?? "");
}

/**
 * The query without virtual keys and without the fields in `names`, which are the provider's credential; everything else as
 * it was written.
 */
export function cleanQuery(query: string, names: readonly string[]): string {
  const kept = query.split("&").filter((pair) => pair !== "" && !isCredential(pair, names));
  if (kept.some((pair) => /[^\x21-\x7e]/.test(pair))) {
    throw new GatewayError("invalid_request", "the query holds characters that must be percent-encoded", {
      param: "query",
    });
  }
  return kept.join("&").replaceAll("{", "%7B").replaceAll("}", "%7D");
}

function isCredential(pair: string, names: readonly string[]): boolean {
  const equals = pair.indexOf("=");
  const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
  return names.includes(name.toLowerCase()) || decoded(pair).includes("sk-tl-");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
