-- Key points (报送要点): lists issued for a period, their points, and the items tagged with them; the categories (十大类)
-- with candidate topics. Whether a list is in force follows from its days and from what replaced it; nothing expires here.

CREATE TABLE point_list (
    id {id}, first_day TEXT NOT NULL, last_day TEXT NOT NULL, label TEXT NOT NULL, drafted_by BIGINT NOT NULL,
    drafted_ms BIGINT NOT NULL, issued_by BIGINT NOT NULL DEFAULT 0, issued_ms BIGINT NOT NULL DEFAULT 0,
    replaced_ms BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX point_list_live ON point_list (last_day) WHERE issued_ms > 0 AND replaced_ms = 0;
CREATE UNIQUE INDEX point_list_draft ON point_list (drafted_by) WHERE issued_ms = 0;

CREATE TABLE key_point (
    id {id}, list_id BIGINT NOT NULL REFERENCES point_list (id), place BIGINT NOT NULL, text TEXT NOT NULL
);
CREATE UNIQUE INDEX key_point_place ON key_point (list_id, place);

CREATE TABLE item_point (
    item_id BIGINT NOT NULL REFERENCES item (id), point_id BIGINT NOT NULL REFERENCES key_point (id),
    at_ms BIGINT NOT NULL, person_id BIGINT NOT NULL, PRIMARY KEY (item_id, point_id)
);
CREATE INDEX item_point_point ON item_point (point_id);

CREATE TABLE category (
    id {id}, place BIGINT NOT NULL, name TEXT NOT NULL, hint TEXT NOT NULL DEFAULT '', closed_ms BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX category_name ON category (name) WHERE closed_ms = 0;
CREATE TABLE candidate (
    id {id}, category_id BIGINT NOT NULL REFERENCES category (id), text TEXT NOT NULL, at_ms BIGINT NOT NULL,
    person_id BIGINT NOT NULL
);
CREATE INDEX candidate_category ON candidate (category_id, id);
CREATE TABLE candidate_unit (
    candidate_id BIGINT NOT NULL REFERENCES candidate (id), unit_id BIGINT NOT NULL REFERENCES unit (id),
    PRIMARY KEY (candidate_id, unit_id)
);
CREATE TABLE item_category (
    item_id BIGINT NOT NULL REFERENCES item (id), category_id BIGINT NOT NULL REFERENCES category (id),
    at_ms BIGINT NOT NULL, person_id BIGINT NOT NULL, PRIMARY KEY (item_id, category_id)
);
CREATE INDEX item_category_category ON item_category (category_id);
