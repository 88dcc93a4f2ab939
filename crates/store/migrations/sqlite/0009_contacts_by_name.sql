-- The address book is read by name, page by page: the text that is searched begins with the name in lower case. Only its beginning is
-- indexed, since an index entry has a size limit.
CREATE INDEX contacts_by_name ON contacts (org_id, substr(search, 1, 100), id) WHERE deleted_at IS NULL;
