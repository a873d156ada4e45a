import type { MetricDefinition } from "../../lib/metrics/definition.ts";
import type { Registry } from "../../lib/metrics/registry.ts";
import type { RequestRecord } from "../../canonical/record.ts";

export const FEEDBACK_METRIC = {
  name: "trunkline_feedback_total",
  type: "counter",
  help: "Feedback on answers, the first of each source on a request; sentiment is positive, neutral or negative.",
  labels: ["provider", "model", "experiment", "arm", "sentiment"],
} as const satisfies MetricDefinition;

/** Counts feedback on the answer of a record. */
export type CountFeedback = (record: RequestRecord, score: number) => void;

export function createFeedbackCounter(registry: Registry): CountFeedback {
  const counter = registry.counter(FEEDBACK_METRIC);
  return ({ provider, model, experiment, arm }, score) => {
    const sentiment = score === 0 ? "neutral" : score > 0 ? "positive" : "negative";
    counter.add([provider ?? "", model ?? "", experiment ?? "", arm ?? "", sentiment]);
  };
}
