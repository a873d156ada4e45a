import type { ProviderFlags } from "./dialect.ts";
import type { DialectName, Operation } from "./names.ts";

/** How a provider takes its credential. */
export type AuthScheme =
  | { type: "none" }
  | { type: "bearer" }
  /** The key alone in a header of this (lower-case) name. */
  | { type: "header"; name: string };

/** A place that speaks a dialect, as data. Nothing outside its folder tests a provider's name. */
export interface ProviderManifest {
  name: string;
  title: string;
  /** Vendor page that the facts below come from. */
  docs: string;
  /** With its version path, without a trailing slash. */
  baseUrl: string;
  auth: AuthScheme;
  /** Sent with every call (such as `anthropic-version`); lower-case names. A client's own value of the same header wins. */
  headers: Record<string, string>;
  /** The dialects that it speaks; a relay is possible in each, the first is what others are translated to. */
  dialects: readonly DialectName[];
  /** Models (globs) that others are translated to in another of the dialects, first match wins. */
  translation?: readonly { models: readonly string[]; dialect: DialectName }[];
  /** Request headers of the client that go along on a relay; lower-case names. */
  forwardHeaders: readonly string[];
  /** Environment variables that switch the provider on, first match wins. */
  keyVariables: readonly string[];
  flags: ProviderFlags;
  /** Path of the live model list, and where its ids stand. */
  models?: { path: string; list: string; id: string; stripPrefix?: string };
  operations: readonly Operation[];
  /** This process runs the provider itself, at an address that it learns at its start. */
  hosted?: boolean;
}

/** States a manifest; a function so that each folder's declaration reads the same and is checked. */
export function defineProvider(manifest: ProviderManifest): ProviderManifest {
  return manifest;
}
