import type { Database } from "bun:sqlite";
import type { Job, JobState, KeptObject, KeptResponse, StateStore } from "../../domain/state/port.ts";

const JOB_COLUMNS = [
  "id",
  "batch",
  "position",
  "owner",
  "caller",
  "state",
  "custom_id",
  "path",
  "content_type",
  "headers",
  "request",
  "status",
  "answer_type",
  "request_id",
  "answer",
  "created_at",
  "not_before",
  "ended_at",
  "expires_at",
] as const satisfies readonly (keyof Job)[];

const OBJECT_COLUMNS = [
  "id",
  "kind",
  "owner",
  "caller",
  "provider",
  "provider_key",
  "created_at",
  "expires_at",
  "bytes",
  "body",
] as const satisfies readonly (keyof KeptObject)[];

type Value = string | number | Uint8Array | null;

function insertInto(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
}

/** What outlives requests, in the same database as their records. */
export function prepareState(database: Database, guard: () => void): StateStore {
  return { ...prepareResponses(database, guard), ...prepareObjects(database, guard), ...prepareJobs(database, guard) };
}

type Responses = Pick<StateStore, "keepResponse" | "keptResponse" | "dropResponse" | "recordByResponse">;

function prepareResponses(database: Database, guard: () => void): Responses {
  const keep = database.query<unknown, Value[]>(
    `INSERT INTO kept_responses (id, owner, created_at, expires_at, previous, input, response) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, expires_at = excluded.expires_at,
       previous = excluded.previous, input = excluded.input, response = excluded.response WHERE owner = excluded.owner`,
  );
  const find = database.query<KeptResponse, [string]>("SELECT * FROM kept_responses WHERE id = ?");
  const drop = database.query<unknown, [string]>("DELETE FROM kept_responses WHERE id = ?");
  const record = database.query<{ record: string }, [string]>(
    "SELECT record FROM request_logs WHERE response_id = ? ORDER BY time DESC LIMIT 1",
  );
  return {
    keepResponse(it) {
      guard();
      keep.run(it.id, it.owner, it.created_at, it.expires_at, it.previous, it.input, it.response);
    },
    keptResponse: (id) => find.get(id),
    dropResponse(id) {
      guard();
      drop.run(id);
    },
    recordByResponse: (id) => record.get(id)?.record ?? null,
  };
}

type Objects = Pick<
  StateStore,
  | "putObject"
  | "object"
  | "setObject"
  | "dropObject"
  | "objects"
  | "objectsBefore"
  | "countObjects"
  | "objectsByStatus"
  | "pruneState"
>;

function prepareObjects(database: Database, guard: () => void): Objects {
  const put = preparePut(database);
  const find = database.query<KeptObject, [string, string]>("SELECT * FROM kept_objects WHERE kind = ? AND id = ?");
  const set = database.query<unknown, [string, string]>("UPDATE kept_objects SET body = ? WHERE id = ?");
  const drop = database.query<unknown, [string]>("DELETE FROM kept_objects WHERE id = ?");
  const list = database.query<KeptObject, Value[]>(
    `SELECT * FROM kept_objects WHERE owner = ?1 AND kind = ?2 AND (?4 IS NULL OR (created_at, id) <
       (SELECT created_at, id FROM kept_objects WHERE id = ?4 AND owner = ?1))
     ORDER BY created_at DESC, id DESC LIMIT ?3`,
  );
  const listBefore = database.query<KeptObject, Value[]>(
    `SELECT * FROM kept_objects WHERE owner = ?1 AND kind = ?2 AND (created_at, id) >
       (SELECT created_at, id FROM kept_objects WHERE id = ?4 AND owner = ?1)
     ORDER BY created_at ASC, id ASC LIMIT ?3`,
  );
  const count = database.query<{ count: number }, [string, string]>(
    "SELECT count(*) AS count FROM kept_objects WHERE owner = ? AND kind = ?",
  );
  const byStatus = database.query<KeptObject, [string, string]>(
    "SELECT * FROM kept_objects WHERE kind = ? AND provider IS NULL AND body ->> 'status' IN (SELECT value FROM json_each(?))",
  );
  return {
    putObject(object) {
      guard();
      put(object);
    },
    object: (kind, id) => find.get(kind, id),
    setObject(id, body) {
      guard();
      set.run(body, id);
    },
    dropObject(id) {
      guard();
      drop.run(id);
    },
    objects: (owner, kind, limit, after) => list.all(owner, kind, limit, after),
    objectsBefore: (owner, kind, limit, before) => listBefore.all(owner, kind, limit, before),
    countObjects: (owner, kind) => count.get(owner, kind)?.count ?? 0,
    objectsByStatus: (kind, statuses) => byStatus.all(kind, JSON.stringify(statuses)),
    pruneState(now) {
      guard();
      return prune(database, now);
    },
  };
}

function preparePut(database: Database): (object: KeptObject) => void {
  const insert = database.query<unknown, Value[]>(
    `${insertInto("kept_objects", OBJECT_COLUMNS)} ON CONFLICT (id) DO UPDATE SET body = excluded.body
     WHERE owner = excluded.owner AND kind = excluded.kind`,
  );
  return (object) => void insert.run(...OBJECT_COLUMNS.map((column) => object[column]));
}

/** Most of each kind that one call deletes: it must not hold up others. */
const PRUNED = 500;

function prune(database: Database, now: number): KeptObject[] {
  const expired = database.query<KeptObject, [number, number]>(
    "DELETE FROM kept_objects WHERE id IN (SELECT id FROM kept_objects WHERE expires_at < ? LIMIT ?) RETURNING *",
  );
  return database
    .transaction(() => {
      for (const table of ["kept_responses", "jobs"]) {
        database
          .query<unknown, [number, number]>(
            `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE expires_at < ? LIMIT ?)`,
          )
          .run(now, PRUNED);
      }
      return expired.all(now, PRUNED);
    })
    .immediate();
}

type Jobs = Omit<StateStore, keyof Responses | keyof Objects>;

function prepareJobs(database: Database, guard: () => void): Jobs {
  return { ...prepareQueue(database, guard), ...prepareJobReads(database) };
}

type Queue = Pick<
  StateStore,
  "addJobs" | "startJob" | "requeueJob" | "endJob" | "endInterrupted" | "endQueued" | "dropJobs" | "dropJob"
>;

function prepareQueue(database: Database, guard: () => void): Queue {
  const put = preparePut(database);
  const insert = database.query<unknown, Value[]>(insertInto("jobs", JOB_COLUMNS));
  const add = database.transaction((jobs: readonly Job[], object: KeptObject | null) => {
    if (object !== null) put(object);
    for (const job of jobs) insert.run(...JOB_COLUMNS.map((column) => job[column]));
  });
  const run = (sql: string, ...values: Value[]): number => {
    guard();
    return database.query<unknown, Value[]>(sql).run(...values).changes;
  };
  const end =
    "UPDATE jobs SET state = ?, status = ?, answer_type = ?, request_id = ?, answer = ?, ended_at = ?, expires_at = ?, request = x''";
  return {
    addJobs(jobs, object) {
      guard();
      add.immediate(jobs, object);
    },
    startJob: (id) => run("UPDATE jobs SET state = 'running' WHERE id = ? AND state = 'queued'", id) > 0,
    requeueJob: (id, notBefore) =>
      void run("UPDATE jobs SET state = 'queued', not_before = ? WHERE id = ? AND state = 'running'", notBefore, id),
    endJob: (id, it) =>
      void run(
        `${end} WHERE id = ? AND state IN ('queued', 'running')`,
        ...[it.state, it.status, it.answer_type, it.request_id, it.answer, it.ended_at, it.expires_at, id],
      ),
    endInterrupted: (it) =>
      run(
        `${end.replace("expires_at = ?", "expires_at = CASE WHEN batch IS NULL THEN ? END")} WHERE state = 'running'`,
        ...[it.state, it.status, it.answer_type, it.request_id, it.answer, it.ended_at, it.expires_at],
      ),
    endQueued: (batch, state, now) =>
      run("UPDATE jobs SET state = ?, ended_at = ? WHERE batch = ? AND state = 'queued'", state, now, batch),
    dropJobs: (batch) => void run("DELETE FROM jobs WHERE batch = ?", batch),
    dropJob: (id) => void run("DELETE FROM jobs WHERE id = ? AND state <> 'running'", id),
  };
}

type JobReads = Omit<Jobs, keyof Queue>;

function prepareJobReads(database: Database): JobReads {
  const find = database.query<Job, [string]>("SELECT * FROM jobs WHERE id = ?");
  // By place, so that a short batch does not wait for the end of a long one.
  const nextLine = database.query<Job, [number, string]>(
    `SELECT * FROM jobs INDEXED BY jobs_next_line WHERE state = 'queued' AND batch IS NOT NULL AND not_before <= ?
       AND batch NOT IN (SELECT value FROM json_each(?)) ORDER BY position, created_at LIMIT 1`,
  );
  const nextSingle = database.query<Job, [number]>(
    "SELECT * FROM jobs WHERE state = 'queued' AND batch IS NULL AND not_before <= ? ORDER BY created_at LIMIT 1",
  );
  const pending = database.query<{ count: number }, [string]>(
    "SELECT count(*) AS count FROM jobs WHERE owner = ? AND batch IS NULL AND state IN ('queued', 'running')",
  );
  const states = database.query<{ state: JobState; count: number }, [string]>(
    "SELECT state, count(*) AS count FROM jobs WHERE batch = ? GROUP BY state",
  );
  const lines = database.query<Job, Value[]>(
    "SELECT * FROM jobs WHERE batch = ? AND position >= ? ORDER BY position LIMIT ?",
  );
  return {
    job: (id) => find.get(id),
    nextLine: (now, resting) => nextLine.get(now, JSON.stringify(resting)),
    nextSingle: (now) => nextSingle.get(now),
    countPending: (owner) => pending.get(owner)?.count ?? 0,
    countJobs: (batch) => Object.fromEntries(states.all(batch).map(({ state, count }) => [state, count])),
    jobsOf: (batch, from, limit) => lines.all(batch, from, limit),
  };
}
