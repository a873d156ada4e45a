import { isJsonObject, type JsonObject } from "../canonical/json.ts";

/** Models that tools of a request call themselves. */
export function toolModels({ tools }: JsonObject): string[] {
  const found = Array.isArray(tools) ? tools.map((tool) => (isJsonObject(tool) ? tool["model"] : undefined)) : [];
  return found.filter((model) => typeof model === "string");
}
