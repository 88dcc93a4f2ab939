-- Organizations, people, and what lets them in. These tables stand outside row level security:
-- a log-in, a session or a link is looked up before the organization is known.

-- The tenant boundary.
CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL, -- ISO 3166 alpha-2: how local phone numbers are read
    currency TEXT NOT NULL,
    settings TEXT NOT NULL, -- JSON, see Settings
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT organizations_slug UNIQUE (slug)
);

-- A person; an agent's id is the user's id everywhere.
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL, -- lower case
    name TEXT NOT NULL,
    password_hash TEXT, -- argon2id; NULL until the one-time link was used
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT users_email UNIQUE (email)
);

-- A user's place in an organization.
CREATE TABLE memberships (
    org_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    own_phone TEXT, -- E.164: an agent who takes calls on a phone instead of the softphone
    caller_number_id TEXT, -- the number that this agent shows by default
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);

-- One-time links: first run, invitation, password reset. Only the hash of the token is kept.
CREATE TABLE links (
    token_hash TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    org_id TEXT, -- NULL for the first run
    user_id TEXT, -- NULL for the first run
    created_by TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX links_user ON links (user_id);

-- Log-in sessions. Only the hash of the token is kept.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL,
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    user_agent TEXT,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT sessions_token_hash UNIQUE (token_hash)
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- API keys act as the user who made them. Only the hash is kept, and a few letters to know it by.
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL,
    hint TEXT NOT NULL,
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    CONSTRAINT api_keys_token_hash UNIQUE (token_hash)
);
CREATE INDEX api_keys_org ON api_keys (org_id, created_at);

-- Failed log-ins, counted by a hash of the e-mail or the address they came from.
CREATE TABLE login_failures (
    subject TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    locked_until BIGINT
);

-- Who may do what only one node may do at a time (sweeps, reconciler).
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL
);
