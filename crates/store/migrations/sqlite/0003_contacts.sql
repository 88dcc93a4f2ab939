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
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER, -- calls keep naming a deleted contact
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX contacts_newest ON contacts (org_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

-- Phones of contacts, E.164. Two contacts may share one (a company's switchboard).
CREATE TABLE contact_phones (
    org_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    e164 TEXT NOT NULL,
    label TEXT,
    position INTEGER NOT NULL,
    PRIMARY KEY (org_id, contact_id, e164),
    FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX contact_phones_e164 ON contact_phones (org_id, e164, contact_id);

-- E-mails of contacts, lower case.
CREATE TABLE contact_emails (
    org_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    email TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (org_id, contact_id, email),
    FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX contact_emails_email ON contact_emails (org_id, email, contact_id);
