-- The activation web service: answers kept for requests that come again, and counts for statistics.

-- What a request was answered, sealed, under a digest of its id; a batch has one row for each of its parts. Erased in time.
CREATE TABLE web_answers (
    request TEXT NOT NULL,
    part INTEGER NOT NULL,
    sealed TEXT NOT NULL,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (request, part)
);

CREATE INDEX web_answers_by_age ON web_answers (answered_at);

-- How often a day (UTC) saw a verdict. Nothing personal (row 25). `shard` keeps writers at the same moment off each other's rows.
CREATE TABLE verdict_counts (
    day TEXT NOT NULL,
    door TEXT NOT NULL,
    channel TEXT NOT NULL,
    product TEXT NOT NULL,
    country TEXT NOT NULL,
    code TEXT NOT NULL,
    shard INTEGER NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, door, channel, product, country, code, shard)
);

CREATE INDEX issues_by_age ON issues (issued_at);
