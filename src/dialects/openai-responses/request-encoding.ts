import type { TargetContext } from "../../canonical/dialect.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import type { Warning } from "../../canonical/warning.ts";
import { DIALECT } from "./wire.ts";

/** What the parts of one request's encoding share. */
export interface RequestEncoding {
  request: ChatRequest;
  /** The request came in this dialect: ids and fields go back as they were, and nothing is filled in. */
  own: boolean;
  /** The caller speaks an OpenAI dialect, whose prompt-cache breakpoints mean the same here. */
  breakpoints: boolean;
  warnings: Warning[];
}

/** The encoding of a request for a target. */
export function requestEncoding(request: ChatRequest, target: TargetContext): RequestEncoding {
  const own = request.extensions[DIALECT] !== undefined;
  const breakpoints = own || request.extensions["openai-chat"] !== undefined;
  return { request, own, breakpoints, warnings: target.warnings };
}

/** Reports something once: further reports of the same code and field are left out. */
export function warn(encoding: { warnings: Warning[] }, code: Warning["code"], field: string, message: string): void {
  if (encoding.warnings.some((known) => known.code === code && known.field === field)) return;
  encoding.warnings.push({ code, field, message });
}
