-- Carrier accounts: one per organization and region, one of them in use; and the change of an auth token.

-- Credentials at Twilio; columns *_sealed hold sealed secrets only. The table is made anew to lose a constraint.
CREATE TABLE carrier_accounts_by_region (
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
    in_use INTEGER NOT NULL DEFAULT 0, -- softphones register here
    asked_region TEXT, -- the region that somebody set, where the credentials turned out to be another's
    wired_to TEXT, -- the public address that was last written into the TwiML App and the numbers
    refused_since INTEGER, -- since then the carrier takes the stored token no more
    next_token_sealed TEXT, -- a second token that is not promoted yet, or of which that is not known
    old_token_sealed TEXT, -- the token of before, still accepted on webhooks
    old_token_until INTEGER, -- until then
    rotation TEXT, -- JSON: how far the last change of the token came
    PRIMARY KEY (org_id, id)
) STRICT;
INSERT INTO carrier_accounts_by_region (org_id, id, name, account_sid, auth_token_sealed, api_key_sid, api_key_secret_sealed,
    twiml_app_sid, region, api_base_url, signaling_url, created_at, updated_at)
SELECT org_id, id, name, account_sid, auth_token_sealed, api_key_sid, api_key_secret_sealed,
    twiml_app_sid, region, api_base_url, signaling_url, created_at, updated_at
FROM carrier_accounts;
DROP TABLE carrier_accounts;
ALTER TABLE carrier_accounts_by_region RENAME TO carrier_accounts;
-- The oldest of an organization was the one that everything used.
UPDATE carrier_accounts SET in_use = 1 WHERE id IN (
    SELECT id FROM carrier_accounts a WHERE NOT EXISTS (
        SELECT 1 FROM carrier_accounts b WHERE b.org_id = a.org_id
            AND (b.created_at < a.created_at OR (b.created_at = a.created_at AND b.id < a.id))));
CREATE UNIQUE INDEX carrier_accounts_region ON carrier_accounts (org_id, COALESCE(region, 'us1'));
CREATE UNIQUE INDEX carrier_accounts_in_use ON carrier_accounts (org_id) WHERE in_use;

-- This installation, told from others that use the same account at the carrier: part of the names of what is made there.
CREATE TABLE installation (
    id TEXT PRIMARY KEY
) STRICT;
INSERT INTO installation (id) VALUES (lower(hex(randomblob(4))));
