-- Carrier accounts: one per organization and region, one of them in use; and the change of an auth token.

ALTER TABLE carrier_accounts DROP CONSTRAINT carrier_accounts_account_sid;
ALTER TABLE carrier_accounts ADD COLUMN in_use BOOLEAN NOT NULL DEFAULT FALSE; -- softphones register here
ALTER TABLE carrier_accounts ADD COLUMN asked_region TEXT; -- the region that somebody set, where the credentials turned out to be another's
ALTER TABLE carrier_accounts ADD COLUMN wired_to TEXT; -- the public address that was last written into the TwiML App and the numbers
ALTER TABLE carrier_accounts ADD COLUMN refused_since BIGINT; -- since then the carrier takes the stored token no more
ALTER TABLE carrier_accounts ADD COLUMN next_token_sealed TEXT; -- a second token that is not promoted yet, or of which that is not known
ALTER TABLE carrier_accounts ADD COLUMN old_token_sealed TEXT; -- the token of before, still accepted on webhooks
ALTER TABLE carrier_accounts ADD COLUMN old_token_until BIGINT; -- until then
ALTER TABLE carrier_accounts ADD COLUMN rotation TEXT; -- JSON: how far the last change of the token came
-- No organization is set while tables are changed, and FORCE binds the owner too.
ALTER TABLE carrier_accounts NO FORCE ROW LEVEL SECURITY;
-- The oldest of an organization was the one that everything used.
UPDATE carrier_accounts SET in_use = TRUE WHERE id IN (
    SELECT id FROM carrier_accounts a WHERE NOT EXISTS (
        SELECT 1 FROM carrier_accounts b WHERE b.org_id = a.org_id
            AND (b.created_at < a.created_at OR (b.created_at = a.created_at AND b.id < a.id))));
ALTER TABLE carrier_accounts FORCE ROW LEVEL SECURITY;
CREATE UNIQUE INDEX carrier_accounts_region ON carrier_accounts (org_id, COALESCE(region, 'us1'));
CREATE UNIQUE INDEX carrier_accounts_in_use ON carrier_accounts (org_id) WHERE in_use;

-- This installation, told from others that use the same account at the carrier: part of the names of what is made there.
CREATE TABLE installation (
    id TEXT PRIMARY KEY
);
INSERT INTO installation (id) VALUES (substr(md5(random()::text || clock_timestamp()::text), 1, 8));
