-- What a number does beside its route, and what the carrier last said of it.
ALTER TABLE numbers ADD COLUMN record INTEGER; -- NULL: as the organization says
ALTER TABLE numbers ADD COLUMN fallback_url TEXT; -- where the carrier asks when this server does not answer; NULL is our own
ALTER TABLE numbers ADD COLUMN at_carrier TEXT; -- JSON: name, kind, capabilities, price, emergency address

-- A purchase, written down before the request leaves: what became of it is never guessed.
CREATE TABLE number_orders (
    org_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    e164 TEXT NOT NULL,
    carrier_id TEXT NOT NULL,
    wanted TEXT NOT NULL, -- JSON: papers, label, route, agent
    state TEXT NOT NULL, -- buying | unknown | done | failed
    reason TEXT, -- why it failed, in words
    carrier_code INTEGER, -- the carrier's code of it
    number_id TEXT, -- the number that came of it
    request_key TEXT, -- Idempotency-Key of the request
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, request_key)
) STRICT;
CREATE INDEX number_orders_newest ON number_orders (org_id, created_at DESC, id DESC);
-- One purchase of a number at a time.
CREATE UNIQUE INDEX number_orders_open ON number_orders (org_id, e164) WHERE state IN ('buying', 'unknown');

-- How an agent makes and takes calls, beside what the membership says.
CREATE TABLE agent_calling (
    org_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL,
    caller_id TEXT, -- E.164: a verified number that is shown; NULL is one of the organization's own
    record INTEGER, -- NULL: as the number and the organization say
    voicemail INTEGER NOT NULL, -- whoever is not answered may leave a message
    forward_always TEXT, -- E.164
    forward_on_busy TEXT, -- E.164
    forward_on_no_answer TEXT, -- E.164
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, user_id)
) STRICT;
