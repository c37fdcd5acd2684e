-- Reminders (提醒) of commissions: one row per step of a ladder, and what became of it.
-- A ladder belongs to one due time of an assignment: an extension begins a new one, and nothing repeats.
-- planned → sent | merged | skipped; a row without a person is not addressed yet. Times are UTC milliseconds.

-- The due time whose ladder is planned; 0 before the first.
ALTER TABLE assignment ADD COLUMN ladder_due_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX assignment_unplanned ON assignment (commission_id) WHERE stage <> 'closed' AND ladder_due_ms <> due_ms;

-- A message of the clock to one person: several steps, or a digest. `free` ones do not count against the day's cap.
CREATE TABLE reminder_message (
    id {id}, person_id BIGINT NOT NULL REFERENCES person (id), at_ms BIGINT NOT NULL, free BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX reminder_message_person ON reminder_message (person_id, at_ms);

CREATE TABLE reminder (
    id {id}, assignment_id BIGINT NOT NULL REFERENCES assignment (id), due_ms BIGINT NOT NULL, step TEXT NOT NULL,
    person_id BIGINT NOT NULL DEFAULT 0, planned_ms BIGINT NOT NULL, state TEXT NOT NULL,
    settled_ms BIGINT NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
    message_id BIGINT REFERENCES reminder_message (id)
);
CREATE UNIQUE INDEX reminder_once ON reminder (assignment_id, due_ms, step, person_id);
CREATE INDEX reminder_waiting ON reminder (planned_ms) WHERE state = 'planned';

-- The daily digest (每日提醒): when each wants it (minutes after midnight, -1: never), and each day's one.
CREATE TABLE digest_choice (person_id BIGINT PRIMARY KEY REFERENCES person (id), at_minute BIGINT NOT NULL);
CREATE TABLE digest (
    person_id BIGINT NOT NULL REFERENCES person (id), day TEXT NOT NULL, planned_ms BIGINT NOT NULL,
    state TEXT NOT NULL, settled_ms BIGINT NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
    message_id BIGINT REFERENCES reminder_message (id), PRIMARY KEY (person_id, day)
);
CREATE INDEX digest_waiting ON digest (planned_ms) WHERE state = 'planned';
