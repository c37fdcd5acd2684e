-- Awards as people decided them: a decision is taken back by a second row, never deleted. `outcome` and `grounds` are what
-- the measure had computed when it was decided; `unit_id` is the unit a person belonged to. Times are UTC milliseconds.

CREATE TABLE award_decision (
    id {id}, year BIGINT NOT NULL, award TEXT NOT NULL, class TEXT NOT NULL, unit_id BIGINT NOT NULL REFERENCES unit (id),
    person_id BIGINT REFERENCES person (id), outcome TEXT NOT NULL, grounds TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '', revokes BIGINT REFERENCES award_decision (id), decided_by BIGINT NOT NULL,
    at_ms BIGINT NOT NULL
);
CREATE INDEX award_decision_year ON award_decision (year, award);
CREATE UNIQUE INDEX award_decision_revokes ON award_decision (revokes) WHERE revokes IS NOT NULL;
