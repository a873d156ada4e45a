import type { CacheMarker } from "../../canonical/content.ts";
import type { ProviderFlags, TargetContext } from "../../canonical/dialect.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { addWarning, type Warning } from "../../canonical/warning.ts";
import { isMadeUp } from "./call-ids.ts";
import { isGemini3, modelTraits, type ModelTraits } from "./model-traits.ts";
import { sealSignature } from "./signature.ts";

/** Reports what could not be carried over. */
export type Warn = (code: Warning["code"], field: string, message: string) => void;

/** How parts are encoded: for an upstream (foreign state is dropped) or for a client (foreign state is sealed). */
export interface PartContext {
  /** The `thoughtSignature` of an opaque value; undefined when it cannot go along. */
  sign(opaque: Opaque, field: string): string | undefined;
  warn: Warn;
  /** Whether a call and its result go out with this id. */
  sendsId(callId: string): boolean;
}

/** State of one request being encoded. */
export interface RequestContext extends PartContext {
  traits: ModelTraits;
  flags: ProviderFlags;
  /** A client of this dialect sent the request: it goes out as it came. */
  own: boolean;
  /** Names of the tools by call id, for results that come without one. */
  callNames: Map<string, string>;
}

const always = (): boolean => true;

/** The context for an upstream. Each warning code is given once a field. */
export function requestContext(request: ChatRequest, target: TargetContext): RequestContext {
  const seen = new Set<string>();
  const warn: Warn = (code, field, message) => {
    const key = `${code} ${field}`;
    if (seen.has(key)) return;
    seen.add(key);
    addWarning(target.warnings, { code, field, message });
  };
  const callNames = new Map<string, string>();
  for (const item of request.items) if (item.type === "tool_call") callNames.set(item.callId, item.name);
  const traits = modelTraits(target.model);
  const own = request.extensions.gemini !== undefined;
  const hasIds = isGemini3(traits) || target.flags.noCallIds !== true;
  return {
    traits,
    flags: target.flags,
    own,
    sendsId: own ? always : (callId) => hasIds && !isMadeUp(callId),
    callNames,
    warn,
    sign: (opaque, field) => ownSignature(opaque, field, warn),
  };
}

/** Tells that a cache marker stays behind. */
export function noteCache({ cache }: { cache?: CacheMarker }, { warn }: PartContext): void {
  if (cache === undefined) return;
  warn("unsupported_field", "cache_control", "Gemini caches prompts by itself; cache markers were left out");
}

function ownSignature(opaque: Opaque, field: string, warn: Warn): string | undefined {
  if (opaque.maker === "gemini") return opaque.value;
  warn("dropped_opaque", field, `reasoning state of ${opaque.maker} means nothing to Gemini and was left out`);
  return undefined;
}

/** The context for a client, which keeps what it does not know. A response has nowhere to report a warning. */
export const CLIENT_CONTEXT: PartContext = { sign: sealSignature, warn: () => {}, sendsId: always };
