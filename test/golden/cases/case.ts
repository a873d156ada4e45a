import type { JsonObject } from "../../../src/canonical/json.ts";
import type { ChatDialect } from "../../../src/canonical/names.ts";

/** The dialects whose requests stand beside each other in a case; those of others stand in a file for each dialect. */
export type InlineDialect = "anthropic-messages" | "gemini" | "openai-chat" | "openai-responses";

/** A case as it is written down. */
export interface InlineCase extends Omit<RequestCase, "wire"> {
  wire: Record<InlineDialect, JsonObject | string>;
}

/** A request as clients of each dialect send it; a sentence where a dialect cannot say it. */
export interface RequestCase {
  name: string;
  /** Without `model` and `stream`. */
  wire: Record<ChatDialect, JsonObject | string>;
  /** Values of the request. A provider must receive them, or the client a warning. */
  facts: readonly (string | number | boolean)[];
  /** A model that knows what this case says, where the usual one of its dialect does not. */
  ownModel?: Partial<Record<ChatDialect, string>>;
}

/** Bodies by name of the case, without `model` and `stream`; a sentence where the dialect cannot say it. */
export type RequestsOfDialect = Readonly<Record<string, JsonObject | string>>;

export const USER = "Weather in Paris?";

/** Bodies of one user message, with more fields. */
export function plain(more: Partial<Record<InlineDialect, JsonObject | string>>): InlineCase["wire"] {
  const wire = (dialect: InlineDialect, base: JsonObject): JsonObject | string => {
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
export const TOOLS: Record<InlineDialect, JsonObject> = {
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
export function withTools(more: Partial<Record<InlineDialect, JsonObject | string>>): InlineCase["wire"] {
  const all = Object.fromEntries(
    Object.entries(TOOLS).map(([dialect, tools]) => {
      const fields = more[dialect as InlineDialect] ?? {};
      return [dialect, typeof fields === "string" ? fields : { ...tools, ...fields }];
    }),
  );
  return plain(all);
}

export const TOOL_FACTS = ["get_weather", "get_time", DESCRIPTION, "Name of a city"];
