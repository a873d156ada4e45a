import { RETRIES_REFUSED } from "../../src/domain/attempt/retry-metrics.ts";
import { KEY_METRICS } from "../../src/domain/balance/key-metrics.ts";
import { TARGET_METRICS } from "../../src/domain/balance/metrics.ts";
import { FEEDBACK_METRIC } from "../../src/domain/feedback/metrics.ts";
import { JOURNAL_METRICS } from "../../src/domain/journal/metrics.ts";
import { LOAD_METRICS } from "../../src/domain/load/metrics.ts";
import { RECORD_METRICS } from "../../src/domain/log/metrics.ts";
import type { MetricDefinition } from "../../src/lib/metrics/definition.ts";
import { code, page, table } from "./table.ts";

const LEAD = `\`GET /metrics\` gives all of them in the Prometheus text format, without a credential. They are counted by the process that
serves requests, and start at zero with it.`;

/** The reference page of the metrics. */
export function metricsPage(): string {
  const buckets = Object.values(RECORD_METRICS).find((definition) => "buckets" in definition)?.buckets ?? [];
  return page(
    "Metrics",
    LEAD,
    `## Requests\n\nLabels without a value are empty: a request that was refused has neither provider nor model. One that no target answered counts for the first that was called.\n\n${rowsOf(Object.values(RECORD_METRICS))}`,
    `Histograms have the buckets ${buckets.join(", ")} (seconds).`,
    `## Targets\n\nThe health by which requests choose among targets. The label is \`provider/model\`, with \`#key\` where a target names one; models that the configuration does not name share \`provider/*\`. Only targets that were called are shown.\n\n${rowsOf([...TARGET_METRICS, RETRIES_REFUSED])}`,
    `## Load

Of providers that have a \`concurrency\` or a key with one, but for the last, which shows provider keys that rest.

${rowsOf([...LOAD_METRICS, ...KEY_METRICS])}`,
    `## Feedback\n\n${rowsOf([FEEDBACK_METRIC])}`,
    `## Journal\n\n${rowsOf(JOURNAL_METRICS)}`,
  );
}

function rowsOf(definitions: readonly MetricDefinition[]): string {
  return table(
    ["name", "type", "labels", "meaning"],
    definitions.map(({ name, type, labels, help }) => [code(name), type, labels.map(code).join(", "), help]),
  );
}
