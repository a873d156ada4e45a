import type { TargetContext } from "../../canonical/dialect.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { addWarning, type Warning } from "../../canonical/warning.ts";

/** Reports what could not be carried over. */
export type Warn = (code: Warning["code"], field: string, message: string) => void;

/** State of one request being encoded. */
export interface EncodeContext {
  warn: Warn;
  /** Names of the tools by call id, for results that come without one. */
  callNames: ReadonlyMap<string, string>;
}

/** The context for an upstream. Each warning code is given once a field. */
export function encodeContext(request: ChatRequest, { warnings }: TargetContext): EncodeContext {
  const seen = new Set<string>();
  const warn: Warn = (code, field, message) => {
    const key = `${code} ${field}`;
    if (seen.has(key)) return;
    seen.add(key);
    addWarning(warnings, { code, field, message });
  };
  const callNames = new Map<string, string>();
  for (const item of request.items) if (item.type === "tool_call") callNames.set(item.callId, item.name);
  return { warn, callNames };
}
