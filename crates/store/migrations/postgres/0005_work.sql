-- Durable work, timers, live events, the webhook inbox, the audit trail.

-- Work that commits with the change that causes it. Outside row level security: workers serve all organizations.
CREATE TABLE jobs (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of insertion, which is the order of one call's control
    id TEXT NOT NULL,
    org_id TEXT NOT NULL,
    class TEXT NOT NULL, -- which workers do it: call control never waits behind downloads
    kind TEXT NOT NULL,
    call_id TEXT,
    serial TEXT, -- jobs of one serial key run one at a time, in order
    payload TEXT NOT NULL, -- JSON
    repeatable BOOLEAN NOT NULL, -- may run again although its request may have left
    state TEXT NOT NULL, -- available | running | done | failed | unknown | cancelled
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    leased_by TEXT,
    lease_until BIGINT,
    sent_at BIGINT, -- from here on the request may have left
    dedupe_key TEXT,
    result TEXT, -- JSON, for whoever waits for the answer
    error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    CONSTRAINT jobs_id UNIQUE (id),
    CONSTRAINT jobs_dedupe_key UNIQUE (org_id, dedupe_key)
);
CREATE INDEX jobs_open ON jobs (class, run_at, seq) WHERE state IN ('available', 'running');
CREATE INDEX jobs_leases ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_serial ON jobs (serial, seq) WHERE state IN ('available', 'running');
CREATE INDEX jobs_call ON jobs (org_id, call_id);
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;

-- A moment at which something has to be looked at again; one per subject. Outside row level security, as jobs.
CREATE TABLE timers (
    org_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    lease_until BIGINT, -- a node deals with it until then
    PRIMARY KEY (org_id, kind, subject)
);
CREATE INDEX timers_due ON timers (due_at);

-- What the app is told. The cursor is given after the commit, by one numbering transaction at a time.
CREATE TABLE events (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of insertion: only sorts what one numbering run finds
    id TEXT NOT NULL,
    org_id TEXT NOT NULL,
    type TEXT NOT NULL,
    audience TEXT NOT NULL, -- org | role:<least role> | agent:<user id>
    data TEXT NOT NULL, -- JSON
    at BIGINT NOT NULL,
    cursor BIGINT,
    CONSTRAINT events_cursor UNIQUE (org_id, cursor)
);
CREATE INDEX events_unnumbered ON events (org_id, seq) WHERE cursor IS NULL;
CREATE INDEX events_age ON events (org_id, at);

-- The last cursor given in an organization; its row is the numbering lock.
CREATE TABLE event_heads (
    org_id TEXT PRIMARY KEY,
    cursor BIGINT NOT NULL
);

-- Webhooks, written down as soon as their signature is checked and before anything is decided.
CREATE TABLE inbox (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    key TEXT NOT NULL, -- by which a repeat is known
    door TEXT NOT NULL,
    url TEXT NOT NULL, -- path and query
    form TEXT NOT NULL, -- JSON: the fields in their order
    received_at BIGINT NOT NULL,
    decided_at BIGINT,
    reply TEXT, -- what was answered, given again to a repeat
    attempts BIGINT NOT NULL,
    error TEXT,
    PRIMARY KEY (org_id, id),
    CONSTRAINT inbox_key UNIQUE (org_id, key)
);
CREATE INDEX inbox_undecided ON inbox (org_id, received_at, id) WHERE decided_at IS NULL;
CREATE INDEX inbox_age ON inbox (org_id, received_at);

-- Who changed what.
CREATE TABLE audit (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor_id TEXT, -- NULL: the system
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL, -- JSON, without secrets
    PRIMARY KEY (org_id, id)
);
CREATE INDEX audit_newest ON audit (org_id, at DESC, id DESC);

-- Row level security: an unset organization is an error, not an empty answer; FORCE binds the owner too.
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY events_of_org ON events
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
ALTER TABLE event_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_heads FORCE ROW LEVEL SECURITY;
CREATE POLICY event_heads_of_org ON event_heads
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
ALTER TABLE inbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox FORCE ROW LEVEL SECURITY;
CREATE POLICY inbox_of_org ON inbox
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_of_org ON audit
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
