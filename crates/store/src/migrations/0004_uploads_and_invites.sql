-- Files that accounts uploaded (XEP-0363), and invitations (XEP-0401).

CREATE TABLE IF NOT EXISTS uploads (
    token {word} NOT NULL PRIMARY KEY,
    owner {int} NOT NULL,
    name {text} NOT NULL,
    media_type {text} NOT NULL,
    size {int} NOT NULL,
    created_ms {int} NOT NULL,
    stored_ms {int},
    expires_ms {int} NOT NULL,
    width {int},
    height {int}
) {table};

CREATE INDEX {new} uploads_owner ON uploads (owner, expires_ms);

CREATE INDEX {new} uploads_expires ON uploads (expires_ms);

CREATE TABLE IF NOT EXISTS invites (
    hash {name} NOT NULL PRIMARY KEY,
    owner {int} NOT NULL,
    kind {word} NOT NULL,
    username {bare},
    registers {int} NOT NULL,
    befriends {int} NOT NULL,
    uses_left {int} NOT NULL,
    created_ms {int} NOT NULL,
    expires_ms {int} NOT NULL
) {table};

CREATE INDEX {new} invites_owner ON invites (owner, expires_ms);

CREATE INDEX {new} invites_username ON invites (username);
