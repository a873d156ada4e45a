import type { Decision } from "../canonical/decision.ts";
import { simulate } from "../ingress/simulate/simulate.ts";
import type { DecisionParts } from "../pipeline/simulate/parts.ts";
import { chatProviders, dialects, taskDialects } from "./dialects.ts";
import { signers } from "./signers.ts";

/** Decides on a described request with all the formats of the program. */
export function simulateRequest(question: Uint8Array, parts: DecisionParts): Promise<Decision> {
  return simulate(question, parts, { dialects, chatProviders, taskDialects, signers });
}
