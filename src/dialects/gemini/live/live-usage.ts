import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { Usage } from "../../../canonical/usage.ts";
import { decodeUsage, encodeUsage } from "../usage.ts";

/** Decodes the usage of one turn; null: it says none. */
export function decodeLiveUsage(wire: Json | undefined): Usage | null {
  return decodeUsage(asGenerated(wire), 0) ?? null;
}

/** The Live API calls `response…` what `generateContent` calls `candidates…`. */
function asGenerated(wire: Json | undefined): JsonObject | undefined {
  if (!isJsonObject(wire)) return undefined;
  const { responseTokenCount, responseTokensDetails } = wire;
  return {
    ...wire,
    ...(responseTokenCount !== undefined && { candidatesTokenCount: responseTokenCount }),
    ...(responseTokensDetails !== undefined && { candidatesTokensDetails: responseTokensDetails }),
  };
}

/** Encodes usage in the Live API's own words. */
export function encodeLiveUsage(usage: Usage): JsonObject {
  const { candidatesTokenCount, candidatesTokensDetails, ...rest } = encodeUsage(usage);
  return {
    ...rest,
    responseTokenCount: candidatesTokenCount,
    ...(candidatesTokensDetails !== undefined && { responseTokensDetails: candidatesTokensDetails }),
  };
}
