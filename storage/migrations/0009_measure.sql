-- Measures as versions, facts about units, booking behind frozen months. Days are ISO text, points hundredths, times UTC
-- milliseconds; '' is not said.

-- What the superior's sheet, the office's pen and a leader's rank say about a fact; points are unknown while they are NULL.
ALTER TABLE fact ADD COLUMN route TEXT NOT NULL DEFAULT '';
ALTER TABLE fact ADD COLUMN points BIGINT;
ALTER TABLE fact ADD COLUMN share BIGINT NOT NULL DEFAULT 0;
ALTER TABLE fact ADD COLUMN detail TEXT NOT NULL DEFAULT '';

-- `due_day` is the day an entry is about, if it could not be booked on it any more ('' if it was).
-- `fact_id` below zero is a row of unit_fact, 0 a settlement of a span; both have item 0.
ALTER TABLE entry ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN pending BIGINT NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN due_day TEXT NOT NULL DEFAULT '';
UPDATE entry SET category = CASE
    WHEN code LIKE 'adoption%' THEN '采用分' WHEN code LIKE 'submission%' THEN '报送分'
    WHEN code LIKE 'instruction%' THEN '批示分' WHEN code LIKE 'commission%' THEN '约稿分' ELSE '' END;
CREATE INDEX entry_pending ON entry (ym) WHERE pending = 1;
CREATE INDEX entry_unit_fact ON entry (fact_id) WHERE fact_id < 0;
CREATE INDEX entry_settlement ON entry (unit_id, ym) WHERE fact_id = 0;

-- What happened to a unit apart from its items: a missed commission, a late report, training. `matter` is what it is
-- about (assignment:12); `article` is named by an adjustment, which no rule covers.
CREATE TABLE unit_fact (
    id {id}, event TEXT NOT NULL, unit_id BIGINT NOT NULL REFERENCES unit (id), day TEXT NOT NULL, points BIGINT,
    article TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', matter TEXT NOT NULL DEFAULT '',
    revokes BIGINT REFERENCES unit_fact (id), at_ms BIGINT NOT NULL, person_id BIGINT NOT NULL
);
CREATE INDEX unit_fact_unit ON unit_fact (unit_id, day);
CREATE INDEX unit_fact_matter ON unit_fact (matter) WHERE matter <> '';
CREATE UNIQUE INDEX unit_fact_revokes ON unit_fact (revokes) WHERE revokes IS NOT NULL;

-- Where a period stands on its way to the bulletin; a period without a row is open.
CREATE TABLE score_cycle (
    period TEXT PRIMARY KEY, state TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL,
    changed_ms BIGINT NOT NULL
);

-- Every text a measure ever had. Of those with one measure_id and first day the newest holds; one without text withdraws.
CREATE TABLE measure_version (
    id {id}, measure_id TEXT NOT NULL, hash TEXT NOT NULL, title TEXT NOT NULL, effective_from TEXT NOT NULL,
    effective_to TEXT NOT NULL DEFAULT '', text TEXT NOT NULL, loaded_ms BIGINT NOT NULL, loaded_by TEXT NOT NULL
);
CREATE INDEX measure_version_of ON measure_version (measure_id, effective_from, id);
