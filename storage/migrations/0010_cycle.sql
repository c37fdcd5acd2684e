-- The way of a period to its bulletin: who took which step when, the frozen board, what units objected to, corrections.

-- `until_ms` of the step that shows the figures: until when the units may object. Never changed.
CREATE TABLE cycle_step (
    id {id}, period TEXT NOT NULL, step TEXT NOT NULL, at_ms BIGINT NOT NULL, person_id BIGINT NOT NULL,
    until_ms BIGINT NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX cycle_step_period ON cycle_step (period, id);

-- A frozen board: canonical bytes and their SHA-256. Written once per period, never changed.
CREATE TABLE snapshot (
    period TEXT PRIMARY KEY, as_of_ms BIGINT NOT NULL, upto_seq BIGINT NOT NULL, hash TEXT NOT NULL,
    content {blob} NOT NULL
);

-- Corrections collected as a set (state: collecting, applied, dropped), previewed, then applied together or dropped.
-- `previewed` is the hash of what the preview showed; the entries of an applied set lie in (from_seq, upto_seq].
CREATE TABLE correction (
    id {id}, state TEXT NOT NULL, opened_by BIGINT NOT NULL, opened_ms BIGINT NOT NULL,
    previewed TEXT NOT NULL DEFAULT '', settled_by BIGINT NOT NULL DEFAULT 0, settled_ms BIGINT NOT NULL DEFAULT 0,
    from_seq BIGINT NOT NULL DEFAULT 0, upto_seq BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX correction_state ON correction (state, id);
CREATE TABLE correction_change (
    correction_id BIGINT NOT NULL REFERENCES correction (id), place BIGINT NOT NULL, kind TEXT NOT NULL,
    words TEXT NOT NULL, person_id BIGINT NOT NULL, at_ms BIGINT NOT NULL, dropped BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (correction_id, place)
);

-- What a unit objects to. What was done about it are the unit's entries in (from_seq, upto_seq], or a correction set.
CREATE TABLE appeal (
    id {id}, period TEXT NOT NULL, unit_id BIGINT NOT NULL REFERENCES unit (id), item_id BIGINT REFERENCES item (id),
    words TEXT NOT NULL, person_id BIGINT NOT NULL, at_ms BIGINT NOT NULL, from_seq BIGINT NOT NULL,
    state TEXT NOT NULL, decided_by BIGINT NOT NULL DEFAULT 0, decided_ms BIGINT NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '', upto_seq BIGINT NOT NULL DEFAULT 0, correction_id BIGINT REFERENCES correction (id)
);
CREATE INDEX appeal_state ON appeal (state, id);
CREATE INDEX appeal_unit ON appeal (unit_id, id);
