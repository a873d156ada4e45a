import type { ErrorCodec } from "../../canonical/dialect.ts";
import type { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Usage } from "../../canonical/usage.ts";

/** What this dialect has in common with OpenAI's chat, which the program hands to it. */
export interface OpenaiForms extends ErrorCodec {
  /** The error of a body that came with status 200. */
  readonly faultToError: (body: JsonObject) => GatewayError;
  readonly decodeUsage: (usage: JsonObject) => Usage;
  readonly encodeUsage: (usage: Usage) => JsonObject;
}
