-- Registrations: optional, personal, per product. No key, no installation and no hardware: nothing leads from here to an
-- activation. `registrant` (name, address, e-mail) is encrypted.
CREATE TABLE registrations (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE,
    product INTEGER NOT NULL,
    country TEXT NOT NULL,
    wants_mailings INTEGER NOT NULL CHECK (wants_mailings IN (0, 1)),
    registrant TEXT NOT NULL,
    registered_at BIGINT NOT NULL
);

CREATE INDEX registrations_by_time ON registrations (registered_at);
