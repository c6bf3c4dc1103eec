-- The floor: agents at their desks, the queue, what happens in calls, requests and approvals, the chain of acts.

ALTER TABLE agents ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE agents ADD COLUMN languages TEXT NOT NULL DEFAULT 'en';
ALTER TABLE agents ADD COLUMN is_disabled INTEGER NOT NULL DEFAULT 0 CHECK (is_disabled IN (0, 1));
ALTER TABLE agents ADD COLUMN sessions_from BIGINT;

ALTER TABLE calls ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE calls ADD COLUMN handed_over INTEGER NOT NULL DEFAULT 0 CHECK (handed_over IN (0, 1));
ALTER TABLE calls ADD COLUMN completed INTEGER NOT NULL DEFAULT 0 CHECK (completed IN (0, 1));
ALTER TABLE calls ADD COLUMN reasked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN keyed_at BIGINT;
ALTER TABLE calls ADD COLUMN granted_at BIGINT;

CREATE INDEX calls_started ON calls (started_at);

CREATE INDEX calls_live ON calls (started_at) WHERE closed_at IS NULL;

ALTER TABLE cases ADD COLUMN serial INTEGER;
ALTER TABLE cases ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';

CREATE INDEX cases_of_key ON cases (serial, opened_at);

CREATE INDEX cases_opened ON cases (opened_at);

CREATE INDEX keys_by_last_block ON keys (last_block);

-- What falls due at one moment leaves in the order it was put in.
ALTER TABLE outbox ADD COLUMN number BIGINT NOT NULL DEFAULT 0;

-- The CallSid that an act on a call is about: acts on one call are done in the order they were put in, each after the last.
ALTER TABLE outbox ADD COLUMN about TEXT;

CREATE INDEX outbox_of_call ON outbox (about, created_at, number) WHERE status = 'due';

-- `seen_at` changes every few seconds for every open page: no index names it.
CREATE TABLE presences (
    agent TEXT PRIMARY KEY REFERENCES agents (name),
    availability TEXT NOT NULL,
    reason TEXT NOT NULL,
    since BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

-- `callback_number` is encrypted and erased once the caller was reached or the entry is over.
CREATE TABLE queue_entries (
    call_sid TEXT PRIMARY KEY,
    case_number TEXT NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    place_at BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'answered', 'left', 'abandoned', 'closed')),
    queue_sid TEXT NOT NULL,
    for_agent TEXT,
    needs_senior INTEGER NOT NULL CHECK (needs_senior IN (0, 1)),
    answered_by TEXT,
    answered_at BIGINT,
    closed_at BIGINT,
    callback_number TEXT,
    CHECK (callback_number IS NULL OR status IN ('waiting', 'answered'))
);

CREATE INDEX queue_waiting ON queue_entries (place_at) WHERE status = 'waiting';

CREATE INDEX queue_entered ON queue_entries (entered_at);

CREATE INDEX queue_of_case ON queue_entries (case_number);

-- An agent has one call at a time, from the answer to the end of wrap-up.
CREATE TABLE handlings (
    id TEXT PRIMARY KEY,
    call_sid TEXT NOT NULL,
    case_number TEXT NOT NULL,
    agent TEXT NOT NULL REFERENCES agents (name),
    answered_at BIGINT NOT NULL,
    held_microseconds BIGINT NOT NULL,
    held_since BIGINT,
    parted_at BIGINT,
    parting TEXT,
    wrapped_at BIGINT,
    outcome TEXT NOT NULL,
    note TEXT NOT NULL,
    follow_up TEXT NOT NULL
);

CREATE UNIQUE INDEX handlings_open ON handlings (agent) WHERE wrapped_at IS NULL;

CREATE INDEX handlings_unwrapped ON handlings (answered_at) WHERE wrapped_at IS NULL;

CREATE INDEX handlings_wrapped ON handlings (wrapped_at) WHERE wrapped_at IS NOT NULL;

CREATE INDEX handlings_of_call ON handlings (call_sid);

CREATE INDEX handlings_answered ON handlings (answered_at);

-- One row for everything that happens in a call, in the order of time. `number` orders what happens at one moment; it is not
-- read from the rows before, so that line, agents and clerk write beside each other.
CREATE TABLE timeline (
    call_sid TEXT NOT NULL,
    at BIGINT NOT NULL,
    number BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL
);

CREATE INDEX timeline_of_call ON timeline (call_sid, at, number);

-- Nobody approves their own; one's own may be withdrawn, which refuses it.
CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    change TEXT NOT NULL,
    counter TEXT,
    serial INTEGER REFERENCES keys (serial),
    seat TEXT REFERENCES seats (id),
    agreement TEXT REFERENCES agreements (number),
    product_group TEXT,
    amount INTEGER NOT NULL CHECK (amount >= 0),
    reason TEXT NOT NULL,
    words TEXT NOT NULL,
    initiator TEXT NOT NULL,
    contact TEXT,
    verified_by TEXT,
    case_number TEXT,
    call_sid TEXT,
    asker TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('held', 'applied', 'refused', 'expired', 'failed')),
    expires_at BIGINT,
    decider TEXT,
    decided_at BIGINT,
    decision_words TEXT NOT NULL,
    seen TEXT NOT NULL,
    CHECK (decider IS NULL OR decider <> asker OR status IN ('expired', 'refused', 'failed'))
);

CREATE INDEX requests_held ON requests (asked_at) WHERE status = 'held';

CREATE INDEX requests_asked ON requests (asked_at);

CREATE INDEX requests_of_agreement ON requests (agreement, asked_at);

CREATE INDEX requests_of_key ON requests (serial, asked_at);

CREATE INDEX requests_of_case ON requests (case_number);

-- A contact has one code at a time; the next one takes its place.
CREATE TABLE one_time_codes (
    agreement TEXT NOT NULL REFERENCES agreements (number),
    contact TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (agreement, contact)
);

CREATE TABLE failed_attempts (
    scope TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX failed_attempts_of ON failed_attempts (scope, at);

CREATE TABLE verifications (
    case_number TEXT NOT NULL,
    agreement TEXT NOT NULL,
    contact TEXT NOT NULL,
    method TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX verifications_of_case ON verifications (case_number);

CREATE TABLE notices (
    agreement TEXT NOT NULL REFERENCES agreements (number),
    contact TEXT,
    sentence TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX notices_of_agreement ON notices (agreement, at);

-- The chain. `personal` names a row of audit_personal, which may be erased without breaking the chain.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    personal TEXT,
    personal_digest TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL
);

CREATE INDEX audit_of_subject ON audit (subject, number);

CREATE TABLE audit_personal (
    reference TEXT PRIMARY KEY,
    words TEXT NOT NULL
);

-- Limits on attempts, for all workers together; one that has run out means nothing and is erased.
CREATE TABLE rate_counters (
    name TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    runs_out_at BIGINT NOT NULL
);

CREATE INDEX rate_counters_running_out ON rate_counters (runs_out_at);
