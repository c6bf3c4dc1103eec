-- The trainer's desk: simulated callers, who makes which call, steady traffic.

-- One simulated caller: wanted by the trainer, claimed for a while by the process that plays them.
CREATE TABLE training_runs (
    id TEXT PRIMARY KEY,
    story INTEGER NOT NULL,
    started_by TEXT NOT NULL,
    wanted_at BIGINT NOT NULL,
    status TEXT NOT NULL,
    doing TEXT NOT NULL DEFAULT '',
    call_sid TEXT,
    serial INTEGER,
    agreement TEXT,
    is_crowd INTEGER NOT NULL DEFAULT 0 CHECK (is_crowd IN (0, 1)),
    stop_wanted INTEGER NOT NULL DEFAULT 0 CHECK (stop_wanted IN (0, 1)),
    leased_until BIGINT,
    ended_at BIGINT
);

CREATE INDEX training_runs_wanted ON training_runs (wanted_at) WHERE ended_at IS NULL;

CREATE INDEX training_runs_of_call ON training_runs (call_sid);

-- Calls that simulated callers make, whoever runs them: reports leave them out.
CREATE TABLE simulated_calls (
    call_sid TEXT PRIMARY KEY,
    story INTEGER NOT NULL,
    marked_at BIGINT NOT NULL
);

-- At most one row: so many calls an hour, of these stories in turn.
CREATE TABLE training_traffic (
    number INTEGER PRIMARY KEY CHECK (number = 1),
    stories TEXT NOT NULL,
    per_hour INTEGER NOT NULL,
    started_by TEXT NOT NULL,
    since BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0
);
