import { addWarning, type Warning } from "../../canonical/warning.ts";
import type { ModelTraits } from "./model-traits.ts";
import type { WireBlock } from "./wire.ts";

/** What the parts of a request's encoder share. */
export interface EncodeContext {
  traits: ModelTraits;
  /** The caller spoke this dialect too: what it wrote stays as it is unless the model is known to refuse it. */
  native: boolean;
  warnings: Warning[];
  /** Blocks and tools that carry `cache_control`, in prompt order. */
  marked: WireBlock[];
}

/** Adds a warning, once. */
export function warn(context: EncodeContext, code: Warning["code"], field: string, message: string): void {
  const known = context.warnings.some(
    (warning) => warning.code === code && warning.field === field && warning.message === message,
  );
  if (!known) addWarning(context.warnings, { code, field, message });
}

/** Notes a finished block's cache breakpoint, if it has one. */
export function noteBreakpoint<T extends WireBlock>(block: T, context: EncodeContext): T {
  if (block["cache_control"] !== undefined && block["cache_control"] !== null) context.marked.push(block);
  return block;
}
