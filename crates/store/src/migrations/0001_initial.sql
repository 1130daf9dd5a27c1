-- The first schema. Words in braces are what the databases say differently: see dialect.rs. docs/schema.md explains the tables.

CREATE TABLE IF NOT EXISTS messages (
    id {id},
    sender {int},
    recipient {int},
    xml {text} NOT NULL
) {table};

CREATE TABLE IF NOT EXISTS archive (
    owner {int} NOT NULL,
    id {int} NOT NULL,
    peer {bare} NOT NULL,
    resource {resource} NOT NULL,
    flags {int} NOT NULL,
    origin {text},
    PRIMARY KEY (owner, id)
) {clustered};

CREATE TABLE IF NOT EXISTS offline (
    owner {int} NOT NULL,
    id {int} NOT NULL,
    PRIMARY KEY (owner, id)
) {clustered};

CREATE INDEX {new} offline_id ON offline (id);

CREATE TABLE IF NOT EXISTS transient (
    id {id}
) {table};

CREATE TABLE IF NOT EXISTS conversations (
    owner {int} NOT NULL,
    peer {bare} NOT NULL,
    last_id {int} NOT NULL,
    unread {int} NOT NULL,
    read_id {int} NOT NULL,
    PRIMARY KEY (owner, peer)
) {clustered};

CREATE TABLE IF NOT EXISTS accounts (
    id {serial},
    jid {bare} NOT NULL UNIQUE,
    created_ms {int} NOT NULL,
    deleted_ms {int},
    purge_until_ms {int},
    banned {text},
    epoch {int} NOT NULL,
    sha1_salt {bytes},
    sha1_iterations {int},
    sha1_stored_key {bytes},
    sha1_server_key {bytes},
    sha256_salt {bytes},
    sha256_iterations {int},
    sha256_stored_key {bytes},
    sha256_server_key {bytes},
    last_seen_ms {int},
    last_status {text}
) {table};

CREATE INDEX {new} accounts_purge ON accounts (purge_until_ms);

CREATE TABLE IF NOT EXISTS roster (
    owner {int} NOT NULL,
    jid {bare} NOT NULL,
    name {text},
    subscription {word} NOT NULL,
    ask {int} NOT NULL,
    approved {int} NOT NULL,
    pending_in {text},
    group_names {text} NOT NULL,
    version {int} NOT NULL,
    PRIMARY KEY (owner, jid)
) {clustered};

CREATE TABLE IF NOT EXISTS blocks (
    owner {int} NOT NULL,
    jid {full} NOT NULL,
    PRIMARY KEY (owner, jid)
) {clustered};

CREATE TABLE IF NOT EXISTS kv (
    owner {int} NOT NULL,
    ns {ns} NOT NULL,
    name {name} NOT NULL,
    value {bytes} NOT NULL,
    PRIMARY KEY (owner, ns, name)
) {table};
