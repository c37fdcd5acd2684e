-- Bulletins: what each is drawn with, so that it can be drawn again, and who was sent which part of it.

-- A draft has the board it was drawn from in `content`; a signed one (`signed_ms` > 0) is drawn from the frozen board of
-- its period and never changes. `wishes` are the office's settings of that day, `template` its own .docx.
CREATE TABLE bulletin (
    id {id}, period TEXT NOT NULL, number TEXT NOT NULL DEFAULT '', year BIGINT NOT NULL DEFAULT 0,
    serial BIGINT NOT NULL DEFAULT 0, hash TEXT NOT NULL, wishes TEXT NOT NULL, template {blob}, content {blob},
    drafted_ms BIGINT NOT NULL, ready_ms BIGINT NOT NULL DEFAULT 0, signed_ms BIGINT NOT NULL DEFAULT 0,
    signed_by BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX bulletin_period ON bulletin (period);

-- One part for one chat; `dedup` is the key of its message, whose fate stands in the outbox. Without `target` nobody
-- could be written to.
CREATE TABLE bulletin_copy (
    dedup TEXT PRIMARY KEY, bulletin_id BIGINT NOT NULL REFERENCES bulletin (id), kind TEXT NOT NULL, name TEXT NOT NULL,
    platform TEXT NOT NULL, target TEXT NOT NULL, part TEXT NOT NULL, place BIGINT NOT NULL
);
CREATE INDEX bulletin_copy_bulletin ON bulletin_copy (bulletin_id, place);
