import type { JsonObject } from "../../../src/canonical/json.ts";
import type { DialectName } from "../../../src/canonical/names.ts";

/** A request as clients of each dialect send it; a sentence where a dialect cannot say it. */
export interface RequestCase {
  name: string;
  /** Without `model` and `stream`. */
  wire: Record<DialectName, JsonObject | string>;
  /** Values of the request. A provider must receive them, or the client a warning. */
  facts: readonly (string | number | boolean)[];
  /** A model that knows what this case says, where the usual one of its dialect does not. */
  ownModel?: Partial<Record<DialectName, string>>;
}

export const USER = "Weather in Paris?";

/** Bodies of one user message, with more fields. */
export function plain(more: Partial<Record<DialectName, JsonObject | string>>): RequestCase["wire"] {
  const wire = (dialect: DialectName, base: JsonObject): JsonObject | string => {
    const fields = more[dialect] ?? {};
    return typeof fields === "string" ? fields : { ...base, ...fields };
  };
  return {
    "openai-chat": wire("openai-chat", { messages: [{ role: "user", content: USER }] }),
    "openai-responses": wire("openai-responses", { input: USER }),
    "anthropic-messages": wire("anthropic-messages", { max_tokens: 1000, messages: [{ role: "user", content: USER }] }),
    gemini: wire("gemini", { contents: [{ role: "user", parts: [{ text: USER }] }] }),
  };
}

export const SCHEMA = {
  type: "object",
  properties: { city: { type: "string", description: "Name of a city" }, unit: { type: "string", enum: ["c", "f"] } },
  required: ["city", "unit"],
  additionalProperties: false,
};

const DESCRIPTION = "Weather of a city";
const names = ["get_weather", "get_time"];

/** Two functions, declared as each dialect does. */
export const TOOLS: Record<DialectName, JsonObject> = {
  "openai-chat": {
    tools: names.map((name) => ({
      type: "function",
      function: { name, description: DESCRIPTION, parameters: SCHEMA },
    })),
  },
  "openai-responses": {
    tools: names.map((name) => ({
      type: "function",
      name,
      description: DESCRIPTION,
      parameters: SCHEMA,
      strict: true,
    })),
  },
  "anthropic-messages": { tools: names.map((name) => ({ name, description: DESCRIPTION, input_schema: SCHEMA })) },
  gemini: {
    tools: [
      { functionDeclarations: names.map((name) => ({ name, description: DESCRIPTION, parametersJsonSchema: SCHEMA })) },
    ],
  },
};

/** One user message and the two functions, with more fields. */
export function withTools(more: Partial<Record<DialectName, JsonObject | string>>): RequestCase["wire"] {
  const all = Object.fromEntries(
    Object.entries(TOOLS).map(([dialect, tools]) => {
      const fields = more[dialect as DialectName] ?? {};
      return [dialect, typeof fields === "string" ? fields : { ...tools, ...fields }];
    }),
  );
  return plain(all);
}

export const TOOL_FACTS = ["get_weather", "get_time", DESCRIPTION, "Name of a city"];
