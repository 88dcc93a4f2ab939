-- The carrier's side: accounts, numbers, queues.

-- AccountSid or E.164 number to organization, and nothing else: a webhook finds its organization here before its
-- signature is checked. Being one key for all, it also keeps a number from belonging to two organizations.
CREATE TABLE directory (
    key TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organizations (id)
) STRICT;
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
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, account_sid)
) STRICT;

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
    emergency_address INTEGER NOT NULL, -- an emergency address is registered for it at the carrier
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, e164)
) STRICT;

-- Inbound callers wait here.
CREATE TABLE queues (
    org_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL, -- its name at the carrier too, for example support_queue
    label TEXT NOT NULL, -- what people read
    ring TEXT NOT NULL, -- all | longest_idle
    offer_seconds INTEGER NOT NULL,
    max_wait_seconds INTEGER NOT NULL,
    overflow TEXT NOT NULL, -- JSON
    greeting TEXT, -- NULL is the bundled greeting
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, name)
) STRICT;

-- The agents of a queue.
CREATE TABLE queue_members (
    org_id TEXT NOT NULL,
    queue_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (org_id, queue_id, user_id),
    FOREIGN KEY (org_id, queue_id) REFERENCES queues (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX queue_members_user ON queue_members (org_id, user_id, queue_id);
