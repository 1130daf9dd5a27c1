-- The inbox (XEP-0430): which message a conversation shows, and what its owner decided about it. The directory (XEP-0055).

ALTER TABLE conversations ADD COLUMN said_id {int} NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN pinned {int} NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN muted {int} NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN marked {int} NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN hidden {int} NOT NULL DEFAULT 0;
UPDATE conversations SET said_id = last_id;

CREATE TABLE IF NOT EXISTS directory (
    owner {id},
    nick {text} NOT NULL,
    name {text} NOT NULL,
    given {text} NOT NULL,
    family {text} NOT NULL,
    email {text} NOT NULL,
    words {text} NOT NULL
) {table};
