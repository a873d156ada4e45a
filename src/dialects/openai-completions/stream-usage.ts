import type { StreamUsageOptIn } from "../../canonical/dialect.ts";
import { objectOf } from "./wire.ts";

const NO_CHOICES = /"choices"\s*:\s*\[\s*\]/;
const EMPTY_CHOICE = '"choices":[{"text":"","index":0,"logprobs":null,"finish_reason":null}]';

/**
 * Usage of a stream comes only with `stream_options.include_usage`, on a last event whose `choices` are empty
 * (https://platform.openai.com/docs/api-reference/completions/create). A client that did not ask gets it with a choice in
 * which nothing happens.
 */
export const streamUsage: StreamUsageOptIn = {
  edit(body) {
    const options = objectOf(body["stream_options"]) ?? {};
    if (options["include_usage"] === true) return null;
    return { key: "stream_options", value: JSON.stringify({ ...options, include_usage: true }) };
  },
  soften(data) {
    return data.includes('"usage"') && NO_CHOICES.test(data) ? data.replace(NO_CHOICES, EMPTY_CHOICE) : data;
  },
};
