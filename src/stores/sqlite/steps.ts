/** The schema, step by step. Steps are only ever added at the end; a step that has been released never changes. */
export const STEPS: readonly string[] = [
  `
  CREATE TABLE request_logs (
    id TEXT NOT NULL,
    time INTEGER NOT NULL,
    operation TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER NOT NULL,
    provider TEXT,
    model TEXT,
    virtual_key TEXT,
    team TEXT,
    customer TEXT,
    user TEXT,
    cost_nano_usd INTEGER,
    record TEXT NOT NULL
  );
  CREATE UNIQUE INDEX request_logs_id ON request_logs (id);
  CREATE INDEX request_logs_time ON request_logs (time, id, cost_nano_usd, status, operation);
  CREATE INDEX request_logs_provider ON request_logs (provider, time, id) WHERE provider IS NOT NULL;
  CREATE INDEX request_logs_model ON request_logs (model, time, id) WHERE model IS NOT NULL;
  CREATE INDEX request_logs_virtual_key ON request_logs (virtual_key, time, id) WHERE virtual_key IS NOT NULL;
  CREATE INDEX request_logs_team ON request_logs (team, time, id) WHERE team IS NOT NULL;
  CREATE INDEX request_logs_customer ON request_logs (customer, time, id) WHERE customer IS NOT NULL;
  CREATE INDEX request_logs_user ON request_logs (user, time, id) WHERE user IS NOT NULL;
  CREATE INDEX request_logs_failed ON request_logs (time, id) WHERE outcome <> 'success';

  CREATE TABLE journal_positions (
    segment TEXT PRIMARY KEY NOT NULL,
    offset INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE ledger_balances (
    counter TEXT NOT NULL,
    period INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (counter, period)
  ) WITHOUT ROWID;

  CREATE TABLE config_objects (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    origin TEXT NOT NULL CHECK (origin IN ('file', 'api')),
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (kind, scope, name)
  ) STRICT;

  CREATE TABLE admin_tokens (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER
  ) STRICT;
  `,
  `
  CREATE TABLE secrets (
    name TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE request_logs ADD COLUMN response_id TEXT;
  CREATE INDEX request_logs_response ON request_logs (response_id, time) WHERE response_id IS NOT NULL;

  CREATE TABLE kept_responses (
    id TEXT PRIMARY KEY NOT NULL,
    owner TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    previous TEXT,
    input TEXT NOT NULL,
    response TEXT NOT NULL
  ) STRICT;
  CREATE INDEX kept_responses_expires ON kept_responses (expires_at);

  CREATE TABLE kept_objects (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    caller TEXT NOT NULL,
    provider TEXT,
    provider_key TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    bytes INTEGER NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body))
  ) STRICT;
  CREATE INDEX kept_objects_owner ON kept_objects (owner, kind, created_at, id);
  CREATE INDEX kept_objects_kind ON kept_objects (kind);
  CREATE INDEX kept_objects_expires ON kept_objects (expires_at) WHERE expires_at IS NOT NULL;

  CREATE TABLE jobs (
    id TEXT PRIMARY KEY NOT NULL,
    batch TEXT,
    position INTEGER NOT NULL,
    owner TEXT NOT NULL,
    caller TEXT NOT NULL,
    state TEXT NOT NULL,
    custom_id TEXT,
    path TEXT NOT NULL,
    content_type TEXT NOT NULL,
    headers TEXT NOT NULL,
    request BLOB NOT NULL,
    status INTEGER,
    answer_type TEXT,
    request_id TEXT,
    answer BLOB,
    created_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    ended_at INTEGER,
    expires_at INTEGER
  ) STRICT;
  CREATE INDEX jobs_next_line ON jobs (position, created_at, batch, not_before)
    WHERE state = 'queued' AND batch IS NOT NULL;
  CREATE INDEX jobs_next_single ON jobs (created_at, not_before) WHERE state = 'queued' AND batch IS NULL;
  CREATE INDEX jobs_running ON jobs (state) WHERE state = 'running';
  CREATE INDEX jobs_owner ON jobs (owner, state) WHERE batch IS NULL;
  CREATE INDEX jobs_batch ON jobs (batch, position, state) WHERE batch IS NOT NULL;
  CREATE INDEX jobs_expires ON jobs (expires_at) WHERE expires_at IS NOT NULL;
  `,
  `
  CREATE TABLE target_health (
    replica TEXT PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    notes TEXT NOT NULL CHECK (json_valid(notes))
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE request_logs ADD COLUMN experiment TEXT;
  ALTER TABLE request_logs ADD COLUMN arm TEXT;
  ALTER TABLE request_logs ADD COLUMN duration_ms REAL;
  ALTER TABLE request_logs ADD COLUMN first_content_ms REAL;
  ALTER TABLE request_logs ADD COLUMN input_tokens INTEGER;
  ALTER TABLE request_logs ADD COLUMN cached_input_tokens INTEGER;
  ALTER TABLE request_logs ADD COLUMN output_tokens INTEGER;
  CREATE INDEX request_logs_experiment ON request_logs (
    experiment, time, id, arm, outcome, cost_nano_usd, duration_ms, first_content_ms, input_tokens, cached_input_tokens,
    output_tokens
  ) WHERE experiment IS NOT NULL;

  CREATE TABLE experiment_stops (
    experiment TEXT NOT NULL,
    arm TEXT NOT NULL,
    mark TEXT NOT NULL,
    time INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (experiment, arm)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE feedback (
    request_id TEXT NOT NULL,
    source TEXT NOT NULL,
    time INTEGER NOT NULL,
    score REAL NOT NULL,
    weight REAL NOT NULL,
    label TEXT,
    comment TEXT,
    metadata TEXT,
    PRIMARY KEY (request_id, source)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX feedback_time ON feedback (time);
  `,
  `
  CREATE TABLE example_vectors (
    key TEXT PRIMARY KEY NOT NULL,
    vector BLOB NOT NULL,
    used_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX example_vectors_used ON example_vectors (used_at);
  `,
];
