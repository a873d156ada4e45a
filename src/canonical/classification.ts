/** How a classifier finds its label. */
export const CLASSIFIER_KINDS = ["rules", "embedding", "http", "model"] as const;
export type ClassifierKind = (typeof CLASSIFIER_KINDS)[number];

/** Where a label came from: rules of the gateway, a call, an earlier call's answer, the conversation; or why there is none. */
export type ClassSource = "rules" | "call" | "cache" | "memory" | "failure";

/** What a classifier, or the scoring of complexity (`complexity`), found for a request. */
export interface Classification {
  classifier: string;
  label: string;
  /** From 0 to 1. */
  score: number;
  source: ClassSource;
  /** Rules did not see it. */
  shadow: boolean;
  /** Milliseconds that it took. */
  ms: number;
  /** Why it failed. */
  reason?: string;
}
