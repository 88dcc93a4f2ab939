-- What presence is derived from. It is never stored as a flag that decides; `shown` only remembers what was told last.

-- An agent's own choice, and what the app was last told.
CREATE TABLE availability (
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    chosen TEXT NOT NULL, -- available | away
    reason TEXT,
    chosen_at BIGINT NOT NULL,
    polled_at BIGINT, -- an old front end that polls counts as a client
    shown TEXT NOT NULL, -- presence last told to the app
    shown_since BIGINT NOT NULL,
    turn BIGINT NOT NULL, -- raised by whoever decides about this agent, so that two calls cannot take the same one
    PRIMARY KEY (org_id, user_id)
);

-- The last sign of life of each open tab.
CREATE TABLE beats (
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    client_id TEXT NOT NULL, -- one per tab
    device_ready BOOLEAN NOT NULL, -- this tab owns the device and it is registered
    at BIGINT NOT NULL,
    PRIMARY KEY (org_id, user_id, client_id)
);
CREATE INDEX beats_at ON beats (org_id, at);

-- Row level security: an unset organization is an error, not an empty answer; FORCE binds the owner too.
ALTER TABLE availability ENABLE ROW LEVEL SECURITY;
ALTER TABLE availability FORCE ROW LEVEL SECURITY;
CREATE POLICY availability_of_org ON availability
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
ALTER TABLE beats ENABLE ROW LEVEL SECURITY;
ALTER TABLE beats FORCE ROW LEVEL SECURITY;
CREATE POLICY beats_of_org ON beats
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
