import type { Database } from "bun:sqlite";
import type { Feedback, FeedbackStore } from "../../domain/feedback/port.ts";
import { objectOf, type Json } from "../../canonical/json.ts";

type Row = Omit<Feedback, "metadata"> & { metadata: string | null };

/** Feedback, in the same database as the records that it is about. */
export function prepareFeedback(database: Database, guard: () => void): FeedbackStore {
  const known = database.query<{ time: number }, [string, string]>(
    "SELECT time FROM feedback WHERE request_id = ? AND source = ?",
  );
  const put = database.query<unknown, (string | number | null)[]>(
    `INSERT OR REPLACE INTO feedback (request_id, source, time, score, weight, label, comment, metadata)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = database.query<Row, [string]>(
    `SELECT request_id, source, time, score, weight, label, comment, metadata FROM feedback
     WHERE request_id IN (SELECT value FROM json_each(?)) ORDER BY time, source`,
  );
  const replace = database.transaction((feedback: Feedback) => {
    const isKnown = known.get(feedback.request_id, feedback.source) !== null;
    const { request_id: id, source, time, score, weight, label, comment, metadata } = feedback;
    put.run(id, source, time, score, weight, label, comment, metadata === null ? null : JSON.stringify(metadata));
    return isKnown ? "changed" : "added";
  });
  return {
    putFeedback(feedback) {
      guard();
      return replace.immediate(feedback);
    },
    feedbackOf: (ids) => find.all(JSON.stringify(ids)).map(presentRow),
  };
}

function presentRow({ metadata, ...row }: Row): Feedback {
  return { ...row, metadata: metadata === null ? null : objectOf(JSON.parse(metadata) as Json) };
}

/** Deletes feedback older than `before`: what it was about is older still. */
export function pruneFeedback(database: Database, before: number, limit: number): void {
  database
    .query<unknown, [number, number]>(
      `DELETE FROM feedback WHERE (request_id, source) IN
         (SELECT request_id, source FROM feedback WHERE time < ? ORDER BY time LIMIT ?)`,
    )
    .run(before, limit);
}
