import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import { mergedOptions } from "../provider-state.ts";
import { objectOf } from "../wire.ts";

/**
 * The field `providerOptions` of a call: options by the provider that reads them, and above those what `kept`, the fields of
 * a client of this protocol, says there. No field where there is nothing to say.
 */
export function encodeProviderOptions(own: JsonObject, kept: JsonObject | undefined): { providerOptions?: JsonObject } {
  const filled = Object.entries(own).filter(([, options]) => !isEmptyObject(options));
  const providerOptions = mergedOptions(Object.fromEntries(filled), objectOf(kept?.["providerOptions"]));
  return providerOptions === undefined ? {} : { providerOptions };
}

/** True for an object without fields. */
export function isEmptyObject(value: Json | undefined): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}
