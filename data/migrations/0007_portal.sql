-- The portal: who signs in there, contacts that are named but may still be objected to, base licences and volume clients.

-- Somebody named in several agreements signs in once; empty: under the contact's own id.
ALTER TABLE contacts ADD COLUMN account TEXT NOT NULL DEFAULT '';

CREATE INDEX contacts_of_account ON contacts (account) WHERE account <> '';

-- `link_hash` is that of the one-time link of an invitation; links and passwords are kept as hashes only.
CREATE TABLE portal_accounts (
    name TEXT PRIMARY KEY,
    password_hash TEXT NOT NULL,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    created_at BIGINT NOT NULL,
    link_hash TEXT UNIQUE,
    link_expires_at BIGINT,
    sessions_from BIGINT
);

-- A new contact is one only after the time in which the others may object (requirements E4.9).
CREATE TABLE proposed_contacts (
    id TEXT PRIMARY KEY,
    agreement TEXT NOT NULL REFERENCES agreements (number),
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    rights TEXT NOT NULL,
    account TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    takes_effect_at BIGINT NOT NULL
);

CREATE INDEX proposed_contacts_due ON proposed_contacts (takes_effect_at);

CREATE INDEX proposed_contacts_of_agreement ON proposed_contacts (agreement);

-- A retail or OEM key that a customer owns: the licence that a volume upgrade builds on (row 13).
CREATE TABLE base_licences (
    serial INTEGER PRIMARY KEY REFERENCES keys (serial),
    agreement TEXT NOT NULL REFERENCES agreements (number),
    registered_at BIGINT NOT NULL
);

CREATE INDEX base_licences_of_agreement ON base_licences (agreement);

-- One base licence is good for one computer.
CREATE TABLE volume_clients (
    id TEXT PRIMARY KEY,
    agreement TEXT NOT NULL REFERENCES agreements (number),
    name TEXT NOT NULL,
    product INTEGER NOT NULL,
    serial INTEGER NOT NULL REFERENCES keys (serial),
    base_serial INTEGER UNIQUE REFERENCES base_licences (serial),
    registered_at BIGINT NOT NULL
);

CREATE INDEX volume_clients_of_agreement ON volume_clients (agreement);
