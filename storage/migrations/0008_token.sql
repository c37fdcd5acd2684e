-- Access tokens of apps (WeChat Work), shared by every process on this database: secrets, shown to nobody. Whoever
-- renews one holds its row until held_until_ms, so that a process that died does not keep the others waiting.
CREATE TABLE app_token (
    app TEXT PRIMARY KEY, record TEXT NOT NULL DEFAULT '', holder TEXT NOT NULL DEFAULT '',
    held_until_ms BIGINT NOT NULL DEFAULT 0
);
