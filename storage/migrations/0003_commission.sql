-- Commissions (约稿): one topic, its assignments to units, and what happened to each.
-- What happened is appended (assignment_event); the columns of an assignment that follow from it are kept with it for
-- the ledger and are the same as a recomputation. Times are UTC milliseconds, 0 is not yet; '' is not said.

CREATE TABLE commission (
    id {id}, number TEXT NOT NULL DEFAULT '', year BIGINT NOT NULL DEFAULT 0, topic TEXT NOT NULL,
    requirement TEXT NOT NULL DEFAULT '', class TEXT NOT NULL DEFAULT '', length TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL, way TEXT NOT NULL, theme TEXT NOT NULL DEFAULT '', upper_number TEXT NOT NULL DEFAULT '',
    upper_due_ms BIGINT NOT NULL DEFAULT 0, due_ms BIGINT NOT NULL, due_said TEXT NOT NULL DEFAULT '',
    urgent BIGINT NOT NULL DEFAULT 0, off_chat BIGINT NOT NULL DEFAULT 0, state TEXT NOT NULL,
    drafted_by BIGINT NOT NULL, drafted_ms BIGINT NOT NULL, approved_by BIGINT NOT NULL DEFAULT 0,
    issued_by BIGINT NOT NULL DEFAULT 0, issued_ms BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX commission_number ON commission (number) WHERE number <> '';
CREATE INDEX commission_issued ON commission (issued_ms);
CREATE INDEX commission_waiting ON commission (state) WHERE state IN ('draft', 'waiting');

CREATE TABLE assignment (
    id {id}, commission_id BIGINT NOT NULL REFERENCES commission (id), unit_id BIGINT NOT NULL REFERENCES unit (id),
    place BIGINT NOT NULL, part BIGINT NOT NULL DEFAULT 0, leads BIGINT NOT NULL DEFAULT 0,
    angle TEXT NOT NULL DEFAULT '', length TEXT NOT NULL DEFAULT '', first_due_ms BIGINT NOT NULL, due_ms BIGINT NOT NULL,
    stage TEXT NOT NULL, received_ms BIGINT NOT NULL DEFAULT 0, answered_ms BIGINT NOT NULL DEFAULT 0,
    asked_due_ms BIGINT NOT NULL DEFAULT 0, closed_ms BIGINT NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX assignment_once ON assignment (commission_id, part, unit_id);
CREATE INDEX assignment_unit ON assignment (unit_id, stage);
CREATE INDEX assignment_open ON assignment (due_ms) WHERE stage <> 'closed';

CREATE TABLE assignment_event (
    id {id}, assignment_id BIGINT NOT NULL REFERENCES assignment (id), kind TEXT NOT NULL, at_ms BIGINT NOT NULL,
    person_id BIGINT NOT NULL, item_id BIGINT REFERENCES item (id), due_ms BIGINT NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX assignment_event_of ON assignment_event (assignment_id, id);
CREATE INDEX assignment_event_item ON assignment_event (item_id) WHERE item_id IS NOT NULL;

-- One row per target of a push: the message itself and what became of it is the outbox row with this dedup key.
CREATE TABLE push (
    id {id}, commission_id BIGINT NOT NULL REFERENCES commission (id), wave BIGINT NOT NULL, platform TEXT NOT NULL,
    target TEXT NOT NULL, person_id BIGINT NOT NULL DEFAULT 0, dedup TEXT NOT NULL, instead_of BIGINT REFERENCES push (id),
    queued_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX push_dedup ON push (dedup);
CREATE INDEX push_commission ON push (commission_id, wave);
CREATE TABLE push_unit (
    push_id BIGINT NOT NULL REFERENCES push (id), assignment_id BIGINT NOT NULL REFERENCES assignment (id),
    PRIMARY KEY (push_id, assignment_id)
);
CREATE INDEX push_unit_assignment ON push_unit (assignment_id);

-- Which units a group is for; a group without a row here is for all of them.
CREATE TABLE group_unit (
    group_id BIGINT NOT NULL REFERENCES chat_group (id), unit_id BIGINT NOT NULL REFERENCES unit (id),
    PRIMARY KEY (group_id, unit_id)
);
CREATE INDEX group_unit_unit ON group_unit (unit_id);
-- Only pushes are looked up by the id the platform gave them: somebody quotes one.
CREATE INDEX outbox_commission ON outbox (platform, platform_id) WHERE kind = 'commission' AND platform_id <> '';
