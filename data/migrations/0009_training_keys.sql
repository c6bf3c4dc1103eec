-- Keys made for training. What was made for callers who are gone is taken away when a trainer resets the day; its row here stays,
-- so that no key is ever given a serial that was another's: computers of stories go on knowing theirs.

CREATE TABLE training_keys (
    serial INTEGER PRIMARY KEY,
    made_at BIGINT NOT NULL
);
