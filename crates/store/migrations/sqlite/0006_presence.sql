-- What presence is derived from. It is never stored as a flag that decides; `shown` only remembers what was told last.

-- An agent's own choice, and what the app was last told.
CREATE TABLE availability (
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    chosen TEXT NOT NULL, -- available | away
    reason TEXT,
    chosen_at INTEGER NOT NULL,
    polled_at INTEGER, -- an old front end that polls counts as a client
    shown TEXT NOT NULL, -- presence last told to the app
    shown_since INTEGER NOT NULL,
    turn INTEGER NOT NULL, -- raised by whoever decides about this agent, so that two calls cannot take the same one
    PRIMARY KEY (org_id, user_id)
) STRICT;

-- The last sign of life of each open tab.
CREATE TABLE beats (
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    client_id TEXT NOT NULL, -- one per tab
    device_ready INTEGER NOT NULL, -- this tab owns the device and it is registered
    at INTEGER NOT NULL,
    PRIMARY KEY (org_id, user_id, client_id)
) STRICT;
CREATE INDEX beats_at ON beats (org_id, at);
