-- What the doctor found last, and which call was its test.
CREATE TABLE checkups (
    org_id TEXT PRIMARY KEY,
    at BIGINT, -- NULL: never
    report TEXT, -- JSON: checks without any secret
    test_call_id TEXT,
    test_called_at BIGINT
);

-- What an agent's browser said about itself: its microphone, its way to the carrier.
CREATE TABLE browser_reports (
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    browser TEXT NOT NULL,
    checks TEXT NOT NULL, -- JSON
    PRIMARY KEY (org_id, user_id)
);

-- Signed callbacks that we sent on their way to ourselves, or had the carrier send.
CREATE TABLE round_trips (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    by_carrier BOOLEAN NOT NULL,
    sent_at BIGINT NOT NULL,
    back_at BIGINT,
    PRIMARY KEY (org_id, id)
);

-- Row level security: an unset organization is an error, not an empty answer; FORCE binds the owner too.
ALTER TABLE checkups ENABLE ROW LEVEL SECURITY;
ALTER TABLE checkups FORCE ROW LEVEL SECURITY;
CREATE POLICY checkups_of_org ON checkups
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
ALTER TABLE browser_reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE browser_reports FORCE ROW LEVEL SECURITY;
CREATE POLICY browser_reports_of_org ON browser_reports
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
ALTER TABLE round_trips ENABLE ROW LEVEL SECURITY;
ALTER TABLE round_trips FORCE ROW LEVEL SECURITY;
CREATE POLICY round_trips_of_org ON round_trips
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
