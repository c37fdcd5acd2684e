-- Copies of cards, each in one person's chat, by the matter they are about. `handle` is what the platform gave to change
-- the copy once, until `until_ms`; a copy is open while settled_ms is 0.
CREATE TABLE card (
    key TEXT PRIMARY KEY, matter TEXT NOT NULL, platform TEXT NOT NULL, target TEXT NOT NULL, content TEXT NOT NULL,
    offered_ms BIGINT NOT NULL, handle TEXT NOT NULL DEFAULT '', until_ms BIGINT NOT NULL DEFAULT 0,
    settled_ms BIGINT NOT NULL DEFAULT 0, settled_by BIGINT NOT NULL DEFAULT 0, verdict TEXT NOT NULL DEFAULT ''
);
CREATE INDEX card_open ON card (matter) WHERE settled_ms = 0;
CREATE INDEX card_offered ON card (offered_ms);
