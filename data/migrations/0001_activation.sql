-- Agreements, keys, and what has been activated. A statement ends with a semicolon at the end of its line.

CREATE TABLE agreements (
    number TEXT PRIMARY KEY CHECK (length(number) = 8),
    programme TEXT NOT NULL,
    organisation TEXT NOT NULL,
    country TEXT NOT NULL,
    licences INTEGER NOT NULL CHECK (licences > 0),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    created_at BIGINT NOT NULL
);

CREATE TABLE contacts (
    id TEXT PRIMARY KEY,
    agreement TEXT NOT NULL REFERENCES agreements (number),
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    rights TEXT NOT NULL,
    phone_changed_at BIGINT NOT NULL
);

CREATE INDEX contacts_of_agreement ON contacts (agreement);

-- `allowed` and `used` count installations; for a KMS host key they count hosts.
CREATE TABLE keys (
    serial INTEGER PRIMARY KEY CHECK (serial BETWEEN 0 AND 16777215),
    epoch INTEGER NOT NULL,
    product INTEGER NOT NULL CHECK (product BETWEEN 0 AND 255),
    channel TEXT NOT NULL,
    agreement TEXT REFERENCES agreements (number),
    allowed INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1)),
    last_block TEXT NOT NULL CHECK (length(last_block) = 5),
    created_at BIGINT NOT NULL,
    CHECK (used >= 0),
    CHECK (used <= allowed)
);

CREATE INDEX keys_of_agreement ON keys (agreement);

-- One installation that holds a place in a key's count. A replacement gives the row new hardware. Nothing personal (row 20).
CREATE TABLE seats (
    id TEXT PRIMARY KEY,
    serial INTEGER NOT NULL REFERENCES keys (serial),
    product INTEGER NOT NULL,
    hardware TEXT NOT NULL CHECK (length(hardware) = 16),
    issues INTEGER NOT NULL CHECK (issues > 0),
    issues_allowed INTEGER,
    granted_at BIGINT NOT NULL,
    UNIQUE (serial, hardware),
    CHECK (issues <= issues_allowed)
);

CREATE INDEX seats_newest ON seats (serial, granted_at);

-- One confirmation ID given out: to which hardware, why, through which door. Nothing personal (row 20).
CREATE TABLE issues (
    seat TEXT NOT NULL REFERENCES seats (id),
    number INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    hardware TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('first', 'again', 'replacement')),
    door TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    PRIMARY KEY (seat, number)
);

CREATE INDEX issues_of_key ON issues (serial, issued_at);

CREATE TABLE switches (
    name TEXT PRIMARY KEY,
    is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
    changed_at BIGINT NOT NULL
);
