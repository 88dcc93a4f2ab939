-- The carrier's side: accounts, numbers, queues.

-- AccountSid or E.164 number to organization, and nothing else: a webhook finds its organization here before its
-- signature is checked. Being one key for all, it also keeps a number from belonging to two organizations.
CREATE TABLE directory (
    key TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organizations (id)
);
CREATE INDEX directory_org ON directory (org_id);

-- Credentials at Twilio; columns *_sealed hold sealed secrets only.
CREATE TABLE carrier_accounts (
    org_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    account_sid TEXT NOT NULL,
    auth_token_sealed TEXT NOT NULL,
    api_key_sid TEXT,
    api_key_secret_sealed TEXT,
    twiml_app_sid TEXT,
    region TEXT, -- for example ie1; NULL is us1
    api_base_url TEXT, -- NULL is Twilio itself; the sandbox's address otherwise
    signaling_url TEXT, -- only with the sandbox
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT carrier_accounts_account_sid UNIQUE (org_id, account_sid)
);

-- Phone numbers of an organization. Unique over all organizations through directory.
CREATE TABLE numbers (
    org_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    e164 TEXT NOT NULL,
    label TEXT,
    carrier_id TEXT NOT NULL,
    sid TEXT, -- PN... at the carrier, once known
    agent_id TEXT, -- the agent whose own number this is
    route TEXT NOT NULL, -- JSON: what a call to this number does
    emergency_address BOOLEAN NOT NULL, -- an emergency address is registered for it at the carrier
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT numbers_e164 UNIQUE (org_id, e164)
);

-- Inbound callers wait here.
CREATE TABLE queues (
    org_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL, -- its name at the carrier too, for example support_queue
    label TEXT NOT NULL, -- what people read
    ring TEXT NOT NULL, -- all | longest_idle
    offer_seconds BIGINT NOT NULL,
    max_wait_seconds BIGINT NOT NULL,
    overflow TEXT NOT NULL, -- JSON
    greeting TEXT, -- NULL is the bundled greeting
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT queues_name UNIQUE (org_id, name)
);

-- The agents of a queue.
CREATE TABLE queue_members (
    org_id TEXT NOT NULL,
    queue_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (org_id, queue_id, user_id),
    FOREIGN KEY (org_id, queue_id) REFERENCES queues (org_id, id) ON DELETE CASCADE
);
CREATE INDEX queue_members_user ON queue_members (org_id, user_id, queue_id);

-- Row level security: an unset organization is an error, not an empty answer; FORCE binds the owner too.
ALTER TABLE carrier_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE carrier_accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY carrier_accounts_of_org ON carrier_accounts
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
ALTER TABLE numbers ENABLE ROW LEVEL SECURITY;
ALTER TABLE numbers FORCE ROW LEVEL SECURITY;
CREATE POLICY numbers_of_org ON numbers
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
ALTER TABLE queues ENABLE ROW LEVEL SECURITY;
ALTER TABLE queues FORCE ROW LEVEL SECURITY;
CREATE POLICY queues_of_org ON queues
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
ALTER TABLE queue_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE queue_members FORCE ROW LEVEL SECURITY;
CREATE POLICY queue_members_of_org ON queue_members
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
