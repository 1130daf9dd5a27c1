-- Devices: the clients that logged in to an account, and the tokens with which they may come back.

CREATE TABLE IF NOT EXISTS devices (
    owner {int} NOT NULL,
    client {word} NOT NULL,
    software {text},
    device {text},
    first_seen_ms {int} NOT NULL,
    last_seen_ms {int} NOT NULL,
    forget_ms {int} NOT NULL,
    epoch {int} NOT NULL,
    version {int} NOT NULL,
    password {int} NOT NULL,
    token_seed {bytes},
    token_mechanism {word},
    token_expiry_ms {int},
    token_count {int},
    next_seed {bytes},
    next_mechanism {word},
    next_expiry_ms {int},
    PRIMARY KEY (owner, client)
) {clustered};

CREATE INDEX {new} devices_forget ON devices (forget_ms);
