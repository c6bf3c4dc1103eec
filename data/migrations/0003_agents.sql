-- The people of the centre. A first password is shown once and must be changed.

CREATE TABLE agents (
    name TEXT PRIMARY KEY,
    full_name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    created_at BIGINT NOT NULL
);
