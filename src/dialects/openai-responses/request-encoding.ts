import type { TargetContext } from "../../canonical/dialect.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { addWarning, type Warning } from "../../canonical/warning.ts";
import { DIALECT } from "./wire.ts";

/** What the parts of one request's encoding share. */
export interface RequestEncoding {
  request: ChatRequest;
  /** The request came in this dialect: ids and fields go back as they were, and nothing is filled in. */
  own: boolean;
  /** Prompt-cache markers may go along: the caller's own, or for a model that knows them. */
  breakpoints: boolean;
  warnings: Warning[];
}

/** Explicit prompt-cache breakpoints exist from gpt-5.6 on. */
const WITH_BREAKPOINTS = /^gpt-(?:5\.(?:[6-9]|\d\d)|[6-9]|\d\d)/;

/** The encoding of a request for a target. */
export function requestEncoding(request: ChatRequest, target: TargetContext): RequestEncoding {
  const own = request.extensions[DIALECT] !== undefined;
  const breakpoints = own || (request.extensions["openai-chat"] !== undefined && WITH_BREAKPOINTS.test(target.model));
  return { request, own, breakpoints, warnings: target.warnings };
}

/** Reports something once: further reports of the same code and field are left out. */
export function warn(encoding: { warnings: Warning[] }, code: Warning["code"], field: string, message: string): void {
  if (encoding.warnings.some((known) => known.code === code && known.field === field)) return;
  addWarning(encoding.warnings, { code, field, message });
}
