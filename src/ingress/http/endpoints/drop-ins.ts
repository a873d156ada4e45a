/** A prefix for a library that speaks to several vendors, each in the vendor's own way, once its base URL is changed. */
export interface DropIn {
  /** The library's page on base URLs. */
  docs: string;
  /** Prefixes of the vendors' families that stand for paths without a version: the first that has the path. */
  vendors: readonly string[];
}

/** Clients leave the version out where it is a part of the base URL that they were given: `/litellm/chat/completions`. */
const VENDORS = ["/openai", "/anthropic", "/genai", "/cohere", "/bedrock", "/ollama"];

/** Libraries by the first segment of their paths; all vendors' families answer below each of them. */
export const DROP_INS: ReadonlyMap<string, DropIn> = new Map([
  ["langchain", { docs: "https://python.langchain.com/docs/integrations/chat/", vendors: VENDORS }],
  ["litellm", { docs: "https://docs.litellm.ai/docs/set_keys#api_base", vendors: VENDORS }],
  ["pydanticai", { docs: "https://ai.pydantic.dev/models/overview/", vendors: VENDORS }],
]);
