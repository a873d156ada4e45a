import type { StreamUsageOptIn } from "../../canonical/dialect.ts";
import { isJsonObject, type JsonObject } from "../../canonical/json.ts";

const NO_CHOICES = /"choices"\s*:\s*\[\s*\]/;
const EMPTY_CHOICE = '"choices":[{"index":0,"delta":{},"finish_reason":null}]';

/** A field, as quotes within a text are escaped. */
const NO_USAGE = ',"usage":null';

/**
 * Usage of a stream comes only with `stream_options.include_usage`, on a last chunk whose `choices` are empty
 * (https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options). Many clients index `choices[0]`
 * without a look: one that did not ask gets that chunk with a choice in which nothing happens, and the chunks before it
 * without the `"usage":null` that they have only for the asking (Mistral's SDK refuses to read it).
 */
export const streamUsage: StreamUsageOptIn = {
  edit(body) {
    const options: JsonObject = isJsonObject(body["stream_options"]) ? body["stream_options"] : {};
    if (options["include_usage"] === true) return null;
    return { key: "stream_options", value: JSON.stringify({ ...options, include_usage: true }) };
  },
  soften(data) {
    const none = data.indexOf(NO_USAGE);
    if (none >= 0) return data.slice(0, none) + data.slice(none + NO_USAGE.length);
    return data.includes('"usage"') && NO_CHOICES.test(data) ? data.replace(NO_CHOICES, EMPTY_CHOICE) : data;
  },
};
