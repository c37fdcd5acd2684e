-- The key with which a group's webhook robot is spoken through (WeChat Work): a secret, shown to nobody.
CREATE TABLE group_webhook (
    platform TEXT NOT NULL, group_no TEXT NOT NULL, secret TEXT NOT NULL, PRIMARY KEY (platform, group_no)
);
