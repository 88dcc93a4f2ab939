-- People and companies outside.

-- A contact; its phones and e-mails stand in tables of their own.
CREATE TABLE contacts (
    org_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL, -- lead | customer | other
    name TEXT NOT NULL,
    company TEXT,
    note TEXT,
    search TEXT NOT NULL, -- lower case: name, company, e-mails, digits of the phones; what `q` looks in
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT, -- calls keep naming a deleted contact
    PRIMARY KEY (org_id, id)
);
CREATE INDEX contacts_newest ON contacts (org_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

-- Phones of contacts, E.164. Two contacts may share one (a company's switchboard).
CREATE TABLE contact_phones (
    org_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    e164 TEXT NOT NULL,
    label TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (org_id, contact_id, e164),
    FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_phones_e164 ON contact_phones (org_id, e164, contact_id);

-- E-mails of contacts, lower case.
CREATE TABLE contact_emails (
    org_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    email TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (org_id, contact_id, email),
    FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_emails_email ON contact_emails (org_id, email, contact_id);

-- Row level security: an unset organization is an error, not an empty answer; FORCE binds the owner too.
ALTER TABLE contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY contacts_of_org ON contacts
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
ALTER TABLE contact_phones ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_phones FORCE ROW LEVEL SECURITY;
CREATE POLICY contact_phones_of_org ON contact_phones
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
ALTER TABLE contact_emails ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_emails FORCE ROW LEVEL SECURITY;
CREATE POLICY contact_emails_of_org ON contact_emails
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
