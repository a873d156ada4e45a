import type { Framing, ProviderFlags } from "./dialect.ts";
import type { Json } from "./json.ts";
import type { DialectName, Operation } from "./names.ts";
import type { SignerName } from "./signer.ts";

/** How a provider takes its credential. */
export type AuthScheme =
  | { type: "none" }
  /** `Authorization: Bearer KEY`, or another word before the key (`Token`, `Key`). */
  | { type: "bearer"; word?: string }
  /** The key alone in a header of this (lower-case) name. */
  | { type: "header"; name: string }
  /** The key in the query, under this name. */
  | { type: "query"; name: string }
  /** Code computes the headers of each call: a signature over it, or a token fetched with the credential. */
  | { type: "signed"; signer: SignerName };

/** A value that an operator sets for a provider, or for one of its keys; `{name}` in the base URL and in paths stands for it. */
export interface ProviderSetting {
  name: string;
  description: string;
  /** Environment variables to read when it is not set, first match wins. */
  variables: readonly string[];
  /** Absent: it must be set. */
  default?: string;
}

/** A part of a credential that is more than one text (AWS key id and secret, say). */
export interface CredentialField {
  name: string;
  description: string;
  variables: readonly string[];
  required: boolean;
}

/** Kinds of calls within one operation that have paths of their own. */
export type CallKind = "whole" | "stream" | "count_tokens";

/** Changes to the top level of a request's body, for a relayed one as for one encoded anew. */
export interface BodyQuirks {
  /** Fields under another name here. Where both stand, the one with the provider's own name stays. */
  rename?: Readonly<Record<string, string>>;
  /** Fields that the provider refuses: left out, with a warning. */
  remove?: readonly string[];
  /** Fields whose sense the path or the framing carries: left out without a word. */
  omit?: readonly string[];
  /** Fields that the provider needs, set unless the request has them. */
  set?: Readonly<Record<string, Json>>;
}

/**
 * One dialect that a provider speaks for some operations and models, and where its calls differ from those of the dialect's
 * own vendor.
 */
export interface Wire {
  dialect: DialectName;
  operations: readonly Operation[];
  /** Globs of model ids; default all. */
  models?: readonly string[];
  /**
   * Path below the base URL by kind of call, in place of the dialect's own; with its query. `{model}` stands for the model
   * id, percent-encoded, the names of settings for their values.
   */
  paths?: Partial<Record<CallKind, string>>;
  /** How its streams are framed, where not as the dialect says. */
  framing?: Framing;
  /** The path names the model: it does not stand in the body. */
  modelInPath?: boolean;
  body?: BodyQuirks;
  /** Beside the manifest's. */
  headers?: Readonly<Record<string, string>>;
  flags?: ProviderFlags;
}

/** A place that speaks a dialect, as data. Nothing outside its folder tests a provider's name. */
export interface ProviderManifest {
  name: string;
  title: string;
  /** Vendor page that the facts below come from. */
  docs: string;
  /** With its version path, without a trailing slash; `{name}` stands for a setting. */
  baseUrl: string;
  auth: AuthScheme;
  /** Sent with every call (such as `anthropic-version`); lower-case names. A client's own value of the same header wins. */
  headers: Record<string, string>;
  /**
   * What it speaks. A client's request is relayed over the first wire of its own dialect that serves operation and model;
   * others are translated to the first that serves operation and model.
   */
  wires: readonly Wire[];
  /** What other hosts that speak like this vendor have beside its wires; custom providers are taken to have them. */
  compatibleWires?: readonly Wire[];
  /** Dialects that are this vendor's own: a custom provider in one of them is taken to be like this one. */
  vendorOf?: readonly DialectName[];
  /** Request headers of the client that go along on a relay; lower-case names. */
  forwardHeaders: readonly string[];
  /** Environment variables that switch the provider on, first match wins. */
  keyVariables: readonly string[];
  settings?: readonly ProviderSetting[];
  /** The parts of a credential that is more than one text; a key then has `credentials` in place of a `value`, or either. */
  credentials?: readonly CredentialField[];
  /** Path of the live model list, and where its ids stand. */
  models?: { path: string; list: string; id: string; stripPrefix?: string };
  /** This process runs the provider itself, at an address that it learns at its start. */
  hosted?: boolean;
}

/** States a manifest; a function so that each folder's declaration reads the same and is checked. */
export function defineProvider(manifest: ProviderManifest): ProviderManifest {
  return manifest;
}
