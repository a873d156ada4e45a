import type { ClaudeContext } from "../../canonical/claude/claude-context.ts";
import { warnOnce, type Warning } from "../../canonical/warning.ts";
import type { CallIds } from "./call-ids.ts";
import type { WireBlock } from "./wire.ts";

/** What the parts of a request's encoder share. */
export interface EncodeContext extends ClaudeContext {
  /** Blocks and tools that carry `cache_control`, in prompt order. */
  marked: WireBlock[];
  calls: CallIds;
}

/** Adds a warning, once. */
export function warn(context: EncodeContext, code: Warning["code"], field: string, message: string): void {
  warnOnce(context.warnings, code, field, message);
}

/** Notes a finished block's cache breakpoint, if it has one. */
export function noteBreakpoint<T extends WireBlock>(block: T, context: EncodeContext): T {
  if (block["cache_control"] !== undefined && block["cache_control"] !== null) context.marked.push(block);
  return block;
}
