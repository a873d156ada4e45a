import type { Database } from "bun:sqlite";
import type { ArmCounts, ArmFigures, ArmStop, ExperimentStore, TimeRange } from "../../domain/experiment/port.ts";

/** More records than these are not looked at in one comparison, which runs where the journal is read. */
const MOST_RECORDS = 100_000;

/** Every statement walks this index alone: it holds all that is compared. */
const SOURCE = "request_logs INDEXED BY request_logs_experiment";
const COUNTS = `count(*) AS requests, sum(outcome NOT IN ('success', 'client_aborted')) AS errors,
  sum(outcome = 'client_aborted') AS aborted`;
const WHERE = "experiment = ? AND time >= ? AND time < ?";

type Range = [experiment: string, since: number, until: number];
type Sums = Omit<ArmFigures, "durations" | "firstContents" | "feedback">;
type FeedbackRow = { arm: string } & ArmFigures["feedback"];

/** What is compared by the records of one experiment. */
export const COMPARE = {
  sums: `SELECT coalesce(arm, '') AS arm, ${COUNTS},
      total(input_tokens) AS inputTokens, total(cached_input_tokens) AS cachedInputTokens,
      total(output_tokens) AS outputTokens, total(cost_nano_usd) AS costNano, sum(cost_nano_usd IS NULL) AS unknownCosts
    FROM ${SOURCE} WHERE ${WHERE} GROUP BY arm ORDER BY arm`,
  times: `SELECT arm, CASE outcome WHEN 'success' THEN duration_ms END, first_content_ms FROM ${SOURCE} WHERE ${WHERE}`,
  feedback: `SELECT coalesce(arm, '') AS arm, count(*) AS count, total(score * weight) AS weightedScore,
      total(weight) AS weight, sum(score > 0) AS positive, sum(score < 0) AS negative
    FROM ${SOURCE} CROSS JOIN feedback ON request_id = id WHERE experiment = ? AND request_logs.time >= ?
      AND request_logs.time < ? GROUP BY arm`,
  counts: `SELECT coalesce(arm, '') AS arm, ${COUNTS} FROM ${SOURCE} WHERE ${WHERE} GROUP BY arm`,
  /** The latest record that is not looked at any more. */
  bound: `SELECT time FROM ${SOURCE} WHERE ${WHERE} ORDER BY time DESC LIMIT 1 OFFSET ${MOST_RECORDS}`,
} as const;

/** Hops from name to name instead of visiting each record. */
const NAMES = `WITH RECURSIVE names (name) AS (
    SELECT (SELECT min(experiment) FROM ${SOURCE} WHERE experiment IS NOT NULL)
    UNION ALL
    SELECT (SELECT min(experiment) FROM ${SOURCE} WHERE experiment > name) FROM names WHERE name IS NOT NULL)
  SELECT name FROM names WHERE name IS NOT NULL LIMIT 1000`;

/** Comparisons of experiments by their records. */
export function prepareExperiments(database: Database, guard: () => void): ExperimentStore {
  const sums = database.query<Sums, Range>(COMPARE.sums);
  const times = database.query<unknown, Range>(COMPARE.times);
  const feedback = database.query<FeedbackRow, Range>(COMPARE.feedback);
  const counts = database.query<{ arm: string } & ArmCounts, Range>(COMPARE.counts);
  const stops = database.query<ArmStop, []>("SELECT experiment, arm, mark, time, reason FROM experiment_stops");
  const stop = database.query<unknown, [string, string, string, number, string]>(
    "INSERT OR REPLACE INTO experiment_stops (experiment, arm, mark, time, reason) VALUES (?, ?, ?, ?, ?)",
  );
  const bound = database.query<{ time: number }, Range>(COMPARE.bound);
  const names = database.query<{ name: string }, []>(NAMES);

  const bounded = (experiment: string, { since, until }: TimeRange): Range => {
    const last = bound.get(experiment, since, until);
    return [experiment, last === null ? since : last.time + 1, until];
  };

  return {
    experimentNames: () => names.all().map(({ name }) => name),
    armCounts(experiment, wanted) {
      const range = bounded(experiment, wanted);
      return { arms: new Map(counts.all(...range).map(({ arm, ...found }) => [arm, found])), since: range[1] };
    },
    stops: () => stops.all(),
    putStop(stopped) {
      guard();
      stop.run(stopped.experiment, stopped.arm, stopped.mark, stopped.time, stopped.reason);
    },
    armFigures(experiment, wanted) {
      const range = bounded(experiment, wanted);
      const risingTimes = sortedTimes(times.values(...range) as TimeRow[]);
      const opinions = new Map(feedback.all(...range).map(({ arm, ...figures }) => [arm, figures]));
      const arms = sums.all(...range).map((row) => ({
        ...row,
        ...(risingTimes.get(row.arm) ?? NO_TIMES),
        feedback: opinions.get(row.arm) ?? NO_FEEDBACK,
      }));
      return { arms, since: range[1] };
    },
  };
}

type TimeRow = [arm: string | null, duration: number | null, firstContent: number | null];
type Times = Pick<ArmFigures, "durations" | "firstContents">;

const NO_TIMES: Times = { durations: new Float64Array(), firstContents: new Float64Array() };
const NO_FEEDBACK = { count: 0, weightedScore: 0, weight: 0, positive: 0, negative: 0 };

function sortedTimes(rows: readonly TimeRow[]): Map<string, Times> {
  const found = new Map<string, { durations: number[]; firstContents: number[] }>();
  for (const [arm, duration, firstContent] of rows) {
    const name = arm ?? "";
    let lists = found.get(name);
    if (lists === undefined) found.set(name, (lists = { durations: [], firstContents: [] }));
    if (duration !== null) lists.durations.push(duration);
    if (firstContent !== null) lists.firstContents.push(firstContent);
  }
  const rising = (list: readonly number[]): Float64Array => Float64Array.from(list).toSorted();
  return new Map(
    [...found].map(([arm, lists]) => [
      arm,
      { durations: rising(lists.durations), firstContents: rising(lists.firstContents) },
    ]),
  );
}
