import type { Warning } from "../warning.ts";
import type { ModelTraits } from "./model-traits.ts";

/** What the rules for one vendor's models need to know, whichever wire the request goes over. */
export interface ClaudeContext {
  traits: ModelTraits;
  /** The caller spoke the target's dialect too: what it wrote stays as it is unless the model is known to refuse it. */
  native: boolean;
  warnings: Warning[];
}
