-- What the doctor found last, and which call was its test.
CREATE TABLE checkups (
    org_id TEXT PRIMARY KEY,
    at INTEGER, -- NULL: never
    report TEXT, -- JSON: checks without any secret
    test_call_id TEXT,
    test_called_at INTEGER
) STRICT;

-- What an agent's browser said about itself: its microphone, its way to the carrier.
CREATE TABLE browser_reports (
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    browser TEXT NOT NULL,
    checks TEXT NOT NULL, -- JSON
    PRIMARY KEY (org_id, user_id)
) STRICT;

-- Signed callbacks that we sent on their way to ourselves, or had the carrier send.
CREATE TABLE round_trips (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    by_carrier INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    back_at INTEGER,
    PRIMARY KEY (org_id, id)
) STRICT;
