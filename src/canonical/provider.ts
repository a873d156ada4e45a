import type { Framing, ProviderFlags } from "./dialect.ts";
import type { Json } from "./json.ts";
import type { DialectName, Operation } from "./names.ts";
import type { SignerName } from "./signer.ts";

/** How a credential of one text is sent. */
export type PlainAuth =
  /** `Authorization: Bearer KEY`, or another word before the key (`Token`, `Key`). */
  | { type: "bearer"; word?: string }
  /** The key alone in a header of this (lower-case) name. */
  | { type: "header"; name: string }
  /** The key in the query, under this name. */
  | { type: "query"; name: string };

/** How a provider takes its credential. */
export type AuthScheme =
  | { type: "none" }
  | PlainAuth
  /**
   * Code computes the headers of each call: a signature over it, or a token fetched with the credential. `plain`: how a
   * credential of one text is sent instead, without the signer.
   */
  | { type: "signed"; signer: SignerName; plain?: PlainAuth };

/** A value that an operator sets for a provider, or for one of its keys; `{name}` in the base URL and in paths stands for it. */
export interface ProviderSetting {
  name: string;
  description: string;
  /** Environment variables to read when it is not set, first match wins. */
  variables: readonly string[];
  /** `{name}` stands for another setting, without which there is no default. Absent: it must be set. */
  default?: string;
  /** The default by the value of another setting, in place of `default`; `*` is that of all other values. */
  defaultBy?: { setting: string; values: Readonly<Record<string, string>> };
  /** It need not have a value. */
  optional?: boolean;
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
  /** The same for fields whose value is a text; other values stay where they are. */
  renameText?: Readonly<Record<string, string>>;
  /** Values under another name here: field → value → the provider's. Others stay. */
  values?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** How a `size` in pixels (`WIDTHxHEIGHT`) is said: as `width` and `height`, or as the nearest of these ratios in `aspect_ratio`. */
  size?: "width_height" | readonly string[];
  /** Fields that the provider refuses: left out, with a warning. */
  remove?: readonly string[];
  /** Fields whose sense the path or the framing carries: left out without a word. */
  omit?: readonly string[];
  /** Fields that the provider needs, set unless the request has them. */
  set?: Readonly<Record<string, Json>>;
  /** The same with the values of settings of the provider: field → name of the setting. Without a value the field stays out. */
  settings?: Readonly<Record<string, string>>;
  /** Headers (lower-case names) whose comma-separated values the provider takes as a list in this field instead. */
  fromHeaders?: Readonly<Record<string, string>>;
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
  /**
   * Path that this wire's calls begin with, in place of the base URL's own: `/anthropic/v1` beside `/v1`. Where an operator
   * set the address, it takes the place of the manifest's path at its end, or else follows it.
   */
  basePath?: string;
  /** How its streams are framed, where not as the dialect says. */
  framing?: Framing;
  /** The path names the model: it does not stand in the body. */
  modelInPath?: boolean;
  /** Operations beside chat whose answers are not quite in the dialect's form: they are never relayed, always written anew. */
  neverRelayed?: boolean;
  body?: BodyQuirks;
  /** Beside the manifest's. */
  headers?: Readonly<Record<string, string>>;
  flags?: ProviderFlags;
  /** Response headers (lower-case names) that count tokens of a whole answer whose body does not. */
  usageHeaders?: UsageHeaders;
}

/** Where a provider counts tokens beside the body. */
export interface UsageHeaders {
  input: string;
  output: string;
}

/** Where a provider lists its models: a path below the base URL, the field that holds the list, the field of each id. */
export interface ModelList {
  path: string;
  /** Absent: the answer itself is the list. */
  list?: string;
  id: string;
  stripPrefix?: string;
}

/** Where a provider's usage object says what it bills for an answer: dotted path, and how many of its units are a dollar. */
export interface StatedCost {
  path: string;
  perUsd: number;
  /** A further amount that the account is billed elsewhere, where this flag of the usage object is set. */
  beside?: { flag: string; path: string };
}

/** Things of a provider that outlive a request. */
export type KeptThing = "responses" | "files" | "message_batches";

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
  /** It says what its answers cost. */
  statedCost?: StatedCost;
  /** Path of the live model list, and where its ids stand. */
  models?: ModelList | readonly ModelList[];
  /** Calls go without a key, too: the config need not name one. Nothing but the config switches such a provider on. */
  keyOptional?: boolean;
  /** Where its models stand among its resources, with a slash at the end: an id may be written with it or without. */
  modelFolder?: string;
  /** Names that other gateways and catalogs have for it; callers may use them. */
  aliases?: readonly string[];
  /** Gateways whose request extensions it takes itself: their fields go on to it. */
  extensions?: readonly string[];
  /** What it keeps beyond a request, in OpenAI's form (`message_batches`: Anthropic's), at OpenAI's (Anthropic's) paths. */
  keeps?: readonly KeptThing[];
  /** Paths beside the base URL's own that requests may pass through to, each with a slash at both ends. */
  besidePaths?: readonly string[];
  /** Response headers (lower-case names) with an address of the provider's that a client goes on at. */
  addressHeaders?: readonly string[];
  /**
   * Hosts beside its own (`*.example.com` stands for all below) whose addresses its answers may name for the next call of the
   * same request, by https; the credential goes along.
   */
  followHosts?: readonly string[];
  /** Its batches take deployments of their own: they go there only where a request names the provider, not by models of lines. */
  namedBatchesOnly?: boolean;
  /** This process runs the provider itself, at an address that it learns at its start. */
  hosted?: boolean;
}

/** States a manifest; a function so that each folder's declaration reads the same and is checked. */
export function defineProvider(manifest: ProviderManifest): ProviderManifest {
  return manifest;
}
