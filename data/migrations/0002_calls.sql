-- What the line keeps of its calls, and what it hands to people and to the outside.

-- `caller_hash` is a keyed hash, `caller_hint` two digits. `kept` is 0 once state and answer are erased. The partial indexes name
-- only columns that a turn leaves alone, so that a turn writes one row and no index.
CREATE TABLE calls (
    sid TEXT PRIMARY KEY,
    caller_hash TEXT,
    caller_hint TEXT NOT NULL,
    number_dialled TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    turn INTEGER NOT NULL,
    state TEXT NOT NULL,
    answer TEXT NOT NULL,
    kept INTEGER NOT NULL CHECK (kept IN (0, 1)),
    unfinished INTEGER NOT NULL CHECK (unfinished IN (0, 1)),
    waiting INTEGER NOT NULL CHECK (waiting IN (0, 1)),
    last_turn_at BIGINT NOT NULL,
    closed_at BIGINT
);

CREATE INDEX calls_of_caller ON calls (caller_hash) WHERE kept = 1;

CREATE INDEX calls_kept ON calls (started_at) WHERE kept = 1;

CREATE TABLE cases (
    number TEXT PRIMARY KEY CHECK (length(number) = 6),
    call_sid TEXT NOT NULL,
    reason TEXT NOT NULL,
    language TEXT NOT NULL,
    collected TEXT NOT NULL,
    opened_at BIGINT NOT NULL
);

CREATE INDEX cases_of_call ON cases (call_sid);

-- `payload` is encrypted and erased (NULL) as soon as it is sent or given up.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT,
    status TEXT NOT NULL CHECK (status IN ('due', 'sent', 'given up')),
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    CHECK (status = 'due' OR payload IS NULL)
);

CREATE INDEX outbox_due ON outbox (due_at) WHERE status = 'due';
