import type { TargetContext } from "../../canonical/dialect.ts";
import { gptTraits, type GptTraits } from "../../canonical/gpt/model-traits.ts";
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
  /** What a model of OpenAI's takes of another dialect's request; undefined for models of others. */
  gpt?: GptTraits | undefined;
  warnings: Warning[];
}

/** Explicit prompt-cache breakpoints exist from gpt-5.6 on. */
const WITH_BREAKPOINTS = /^gpt-(?:5\.(?:[6-9]|\d\d)|[6-9]|\d\d)/;

/** The encoding of a request for a target. */
export function requestEncoding(request: ChatRequest, target: TargetContext): RequestEncoding {
  const own = request.extensions[DIALECT] !== undefined;
  const breakpoints = own || (request.extensions["openai-chat"] !== undefined && WITH_BREAKPOINTS.test(target.model));
  const gpt = own ? undefined : gptTraits(target.model);
  return { request, own, breakpoints, gpt, warnings: target.warnings };
}

/** Whether the request asks for reasoning, and not only that there be none. */
export function isReasoningWanted({ reasoning }: ChatRequest): boolean {
  return reasoning !== undefined && reasoning.effort !== "none" && reasoning.budgetTokens !== 0;
}

/** Reports something once: further reports of the same code and field are left out. */
export function warn(encoding: { warnings: Warning[] }, code: Warning["code"], field: string, message: string): void {
  if (encoding.warnings.some((known) => known.code === code && known.field === field)) return;
  addWarning(encoding.warnings, { code, field, message });
}
