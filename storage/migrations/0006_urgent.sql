-- Urgent reports (紧急信息): when something was reported, never what happened. Times are UTC milliseconds, 0 is not yet.

CREATE TABLE urgent (
    id {id}, number TEXT NOT NULL, grade TEXT NOT NULL, follows BIGINT NOT NULL, unit_id BIGINT NOT NULL,
    opened_by BIGINT NOT NULL, opened_ms BIGINT NOT NULL, happened_ms BIGINT NOT NULL, start_ms BIGINT NOT NULL,
    phone_due_ms BIGINT NOT NULL, written_due_ms BIGINT NOT NULL, state TEXT NOT NULL, phone_ms BIGINT NOT NULL DEFAULT 0,
    first_ms BIGINT NOT NULL DEFAULT 0, follow_ups BIGINT NOT NULL DEFAULT 0, answered_ms BIGINT NOT NULL DEFAULT 0,
    closed_ms BIGINT NOT NULL DEFAULT 0, next_ms BIGINT NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX urgent_number ON urgent (number);
CREATE INDEX urgent_open ON urgent (next_ms) WHERE state = 'open';

-- What was reported, with the limit it was held against (0: none).
CREATE TABLE urgent_report (
    id {id}, urgent_id BIGINT NOT NULL REFERENCES urgent (id), kind TEXT NOT NULL, sequence BIGINT NOT NULL,
    at_ms BIGINT NOT NULL, due_ms BIGINT NOT NULL, person_id BIGINT NOT NULL, recorded_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX urgent_report_once ON urgent_report (urgent_id, kind, sequence);

-- A reminder that went out (sent, late) or was passed over (skipped); its key makes it happen once.
CREATE TABLE urgent_reminder (
    urgent_id BIGINT NOT NULL REFERENCES urgent (id), kind TEXT NOT NULL, warns BIGINT NOT NULL, due_ms BIGINT NOT NULL,
    state TEXT NOT NULL, at_ms BIGINT NOT NULL, PRIMARY KEY (urgent_id, kind, warns, due_ms)
);
