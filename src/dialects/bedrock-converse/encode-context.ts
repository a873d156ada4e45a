import type { ClaudeContext } from "../../canonical/claude/claude-context.ts";
import type { CacheMarker } from "../../canonical/content.ts";
import { warnOnce, type Warning } from "../../canonical/warning.ts";
import { encodeCachePoint } from "./cache-point.ts";
import type { ModelFamily } from "./model-family.ts";
import type { WireBlock } from "./wire.ts";

/** What the parts of a request's encoder share. */
export interface EncodeContext extends ClaudeContext {
  family: ModelFamily;
  /** Cache points so far. */
  points: number;
  /** Names that documents have already: the API refuses two of one name. */
  documents: Set<string>;
}

/** Adds a warning, once. */
export function warn(context: EncodeContext, code: Warning["code"], field: string, message: string): void {
  warnOnce(context.warnings, code, field, message);
}

/** Cache points that one request may have: https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html. */
const MAX_POINTS = 4;

/** A block with the cache point behind it that its marker stands for. */
export function withCachePoint(block: WireBlock, cache: CacheMarker | undefined, context: EncodeContext): WireBlock[] {
  if (cache === undefined) return [block];
  if (context.native) return [block, encodeCachePoint(cache)];
  if (!context.family.caching) {
    warn(context, "unsupported_field", "cache_control", "the model has no prompt cache: its markers were left out");
    return [block];
  }
  if (context.points === MAX_POINTS) {
    warn(
      context,
      "changed_field",
      "cache_control",
      `a request may have ${MAX_POINTS} cache points: others were left out`,
    );
    return [block];
  }
  context.points += 1;
  return [block, encodeCachePoint(cache)];
}
