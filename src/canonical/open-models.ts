import type { ProviderFlags } from "./dialect.ts";

/**
 * What a host of open models is like that documents nothing else: the older names and roles, which all of them take; the
 * efforts of gpt-oss; and models whose reasoning no parser takes out of the text.
 */
export const OPEN_MODELS = {
  legacyMaxTokens: true,
  noDeveloperRole: true,
  noCustomTools: true,
  thinkTags: true,
  efforts: ["low", "medium", "high"],
} as const satisfies ProviderFlags;
