-- The ground floor: people, items, facts and points, messages in and out, work of the clock.
-- Times are UTC milliseconds (…_ms), days are 'YYYY-MM-DD', points are hundredths, an open end is ''.

CREATE TABLE unit (
    id {id}, name TEXT NOT NULL, kind TEXT NOT NULL, parent_id BIGINT REFERENCES unit (id),
    direct_point TEXT NOT NULL DEFAULT '', place BIGINT NOT NULL DEFAULT 0,
    valid_from TEXT NOT NULL, valid_to TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX unit_name ON unit (name) WHERE valid_to = '';
CREATE TABLE unit_alias (
    alias TEXT NOT NULL, unit_id BIGINT NOT NULL REFERENCES unit (id), short BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (alias, unit_id)
);
CREATE INDEX unit_alias_unit ON unit_alias (unit_id, short, alias);
CREATE TABLE unit_class (
    unit_id BIGINT NOT NULL REFERENCES unit (id), year BIGINT NOT NULL, class TEXT NOT NULL,
    PRIMARY KEY (unit_id, year)
);
CREATE INDEX unit_class_year ON unit_class (year, class, unit_id);
CREATE TABLE section (
    id {id}, unit_id BIGINT NOT NULL REFERENCES unit (id), name TEXT NOT NULL,
    valid_from TEXT NOT NULL, valid_to TEXT NOT NULL DEFAULT ''
);
CREATE TABLE person (
    id {id}, name TEXT NOT NULL, phone TEXT NOT NULL DEFAULT '',
    valid_from TEXT NOT NULL, valid_to TEXT NOT NULL DEFAULT ''
);
CREATE TABLE post (
    id {id}, person_id BIGINT NOT NULL REFERENCES person (id), unit_id BIGINT NOT NULL REFERENCES unit (id),
    section_id BIGINT REFERENCES section (id), role TEXT NOT NULL,
    valid_from TEXT NOT NULL, valid_to TEXT NOT NULL DEFAULT ''
);
CREATE INDEX post_person ON post (person_id);
CREATE INDEX post_unit ON post (unit_id, role);
CREATE TABLE account (
    id {id}, platform TEXT NOT NULL, account TEXT NOT NULL, person_id BIGINT NOT NULL REFERENCES person (id),
    valid_from_ms BIGINT NOT NULL, valid_to_ms BIGINT NOT NULL DEFAULT 0, bound_by TEXT NOT NULL,
    ended_because TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX account_open ON account (platform, account) WHERE valid_to_ms = 0;
CREATE INDEX account_person ON account (person_id);
CREATE TABLE chat_group (
    id {id}, platform TEXT NOT NULL, group_no TEXT NOT NULL, name TEXT NOT NULL, purpose TEXT NOT NULL,
    owner_id BIGINT REFERENCES person (id), valid_from TEXT NOT NULL, valid_to TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX chat_group_open ON chat_group (platform, group_no) WHERE valid_to = '';
CREATE TABLE bind_code (
    hash TEXT PRIMARY KEY, person_id BIGINT NOT NULL REFERENCES person (id), issued_by BIGINT NOT NULL,
    issued_ms BIGINT NOT NULL, expires_ms BIGINT NOT NULL, used_ms BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE told (
    platform TEXT NOT NULL, account TEXT NOT NULL, matter TEXT NOT NULL, at_ms BIGINT NOT NULL,
    PRIMARY KEY (platform, account, matter)
);

CREATE TABLE inbox (
    id {id}, platform TEXT NOT NULL, bot_id TEXT NOT NULL, event_key TEXT NOT NULL, received_ms BIGINT NOT NULL,
    state BIGINT NOT NULL, payload TEXT NOT NULL DEFAULT '', result TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX inbox_key ON inbox (platform, bot_id, event_key);
CREATE INDEX inbox_open ON inbox (id) WHERE state = 0;
CREATE TABLE file_notice (
    id {id}, platform TEXT NOT NULL, chat TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,
    size BIGINT NOT NULL, at_ms BIGINT NOT NULL, inbox_id BIGINT NOT NULL
);
CREATE INDEX file_notice_find ON file_notice (platform, chat, account, name);

CREATE TABLE item (
    id {id}, number TEXT NOT NULL, year BIGINT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, form TEXT NOT NULL,
    state TEXT NOT NULL, author_id BIGINT NOT NULL REFERENCES person (id), unit_id BIGINT NOT NULL REFERENCES unit (id),
    platform TEXT NOT NULL, chat TEXT NOT NULL, commissioned BIGINT NOT NULL DEFAULT 0,
    writer TEXT NOT NULL DEFAULT '', signer TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '',
    submitted_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL, version BIGINT NOT NULL,
    reviewed_ms BIGINT NOT NULL DEFAULT 0, merged_into BIGINT REFERENCES item (id), note TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX item_number ON item (number);
CREATE INDEX item_author ON item (author_id, submitted_ms);
CREATE INDEX item_state ON item (state, submitted_ms);
CREATE TABLE item_unit (
    item_id BIGINT NOT NULL REFERENCES item (id), place BIGINT NOT NULL, unit_id BIGINT NOT NULL REFERENCES unit (id),
    PRIMARY KEY (item_id, place)
);
CREATE INDEX item_unit_unit ON item_unit (unit_id, item_id);
CREATE TABLE item_version (
    item_id BIGINT NOT NULL REFERENCES item (id), version BIGINT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
    at_ms BIGINT NOT NULL, person_id BIGINT NOT NULL, event_key TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (item_id, version)
);
CREATE TABLE attachment (
    id {id}, item_id BIGINT NOT NULL REFERENCES item (id), version BIGINT NOT NULL, name TEXT NOT NULL,
    size BIGINT NOT NULL, sha256 TEXT NOT NULL, content {blob} NOT NULL
);
CREATE INDEX attachment_item ON attachment (item_id);

CREATE TABLE fact (
    id {id}, kind TEXT NOT NULL, item_id BIGINT NOT NULL REFERENCES item (id), day TEXT NOT NULL,
    journal TEXT NOT NULL DEFAULT '', level TEXT NOT NULL DEFAULT '', form TEXT NOT NULL DEFAULT '',
    issue TEXT NOT NULL DEFAULT '', leader_rank TEXT NOT NULL DEFAULT '', commissioned BIGINT NOT NULL DEFAULT 0,
    revokes BIGINT REFERENCES fact (id), reason TEXT NOT NULL DEFAULT '', at_ms BIGINT NOT NULL, person_id BIGINT NOT NULL
);
CREATE INDEX fact_item ON fact (item_id);
CREATE INDEX fact_day ON fact (day, kind);
CREATE UNIQUE INDEX fact_revokes ON fact (revokes) WHERE revokes IS NOT NULL;
CREATE TABLE entry (
    seq {id}, fact_id BIGINT NOT NULL, item_id BIGINT NOT NULL, unit_id BIGINT NOT NULL, author_id BIGINT,
    ym BIGINT NOT NULL, day TEXT NOT NULL, code TEXT NOT NULL, article TEXT NOT NULL, reason TEXT NOT NULL,
    points BIGINT NOT NULL, reverses BIGINT, recorded_ms BIGINT NOT NULL
);
CREATE INDEX entry_item ON entry (item_id);
CREATE INDEX entry_unit ON entry (unit_id, ym);
CREATE INDEX entry_ym ON entry (ym, seq);
CREATE TABLE score_period (
    period TEXT NOT NULL, unit_id BIGINT NOT NULL, class TEXT NOT NULL, points BIGINT NOT NULL,
    submitted BIGINT NOT NULL, adopted BIGINT NOT NULL,
    PRIMARY KEY (period, unit_id)
);
CREATE INDEX score_rank ON score_period (period, class, points DESC, adopted DESC, submitted DESC, unit_id);
CREATE TABLE board (
    id {id}, period TEXT NOT NULL, kind TEXT NOT NULL, as_of_ms BIGINT NOT NULL, upto_seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
CREATE TABLE board_row (
    board_id BIGINT NOT NULL REFERENCES board (id), class TEXT NOT NULL, place BIGINT NOT NULL, rank BIGINT NOT NULL,
    unit_id BIGINT NOT NULL, points BIGINT NOT NULL, submitted BIGINT NOT NULL, adopted BIGINT NOT NULL,
    PRIMARY KEY (board_id, class, place)
);

CREATE TABLE outbox (
    id {id}, platform TEXT NOT NULL, target TEXT NOT NULL, dedup TEXT NOT NULL, kind TEXT NOT NULL,
    payload TEXT NOT NULL, state BIGINT NOT NULL, attempts BIGINT NOT NULL DEFAULT 0, not_before_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL DEFAULT 0, created_ms BIGINT NOT NULL, sent_ms BIGINT NOT NULL DEFAULT 0,
    platform_id TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX outbox_dedup ON outbox (dedup);
CREATE INDEX outbox_due ON outbox (platform, target, id) WHERE state = 0;
CREATE INDEX outbox_open ON outbox (state, id) WHERE state <> 3;
CREATE TABLE pace (
    platform TEXT NOT NULL, target TEXT NOT NULL, tat_ms BIGINT NOT NULL, PRIMARY KEY (platform, target)
);

CREATE TABLE dialogue (
    platform TEXT NOT NULL, chat TEXT NOT NULL, account TEXT NOT NULL, person_id BIGINT NOT NULL, form TEXT NOT NULL,
    step TEXT NOT NULL, answers TEXT NOT NULL, updated_ms BIGINT NOT NULL,
    PRIMARY KEY (platform, chat, account)
);

CREATE TABLE job_run (
    job TEXT NOT NULL, period TEXT NOT NULL, state TEXT NOT NULL, due_ms BIGINT NOT NULL, started_ms BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0, again_ms BIGINT NOT NULL DEFAULT 0,
    info TEXT NOT NULL DEFAULT '', PRIMARY KEY (job, period)
);
CREATE TABLE job_mark (
    job TEXT PRIMARY KEY, watermark_ms BIGINT NOT NULL
);
CREATE TABLE calendar_day (
    day TEXT PRIMARY KEY, workday BIGINT NOT NULL, source TEXT NOT NULL
);
CREATE TABLE nudge (
    id {id}, period TEXT NOT NULL, matter TEXT NOT NULL, unit_id BIGINT NOT NULL, stage BIGINT NOT NULL,
    person_id BIGINT NOT NULL, reason TEXT NOT NULL, state TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
    planned_ms BIGINT NOT NULL, due_ms BIGINT NOT NULL DEFAULT 0, settled_ms BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX nudge_once ON nudge (period, matter, unit_id, stage, person_id);
CREATE INDEX nudge_person ON nudge (person_id, settled_ms);
CREATE INDEX nudge_open ON nudge (state, id) WHERE state IN ('planned', 'approved');

CREATE TABLE secrecy_hit (
    id {id}, at_ms BIGINT NOT NULL, platform TEXT NOT NULL, chat TEXT NOT NULL, rule TEXT NOT NULL
);
CREATE TABLE audit (
    seq BIGINT PRIMARY KEY, at_ms BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL,
    detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TABLE counter (
    name TEXT PRIMARY KEY, value BIGINT NOT NULL
);
