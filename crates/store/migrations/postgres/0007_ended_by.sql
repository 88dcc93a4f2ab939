-- Who ended a call: customer | agent | supervisor | system | carrier; NULL while it goes on.
ALTER TABLE calls ADD COLUMN ended_by TEXT;
-- The calls of every organization, which no one organization's transaction reaches.
ALTER TABLE calls NO FORCE ROW LEVEL SECURITY;
UPDATE calls SET ended_by = state::json -> 'state' ->> 'by' WHERE NOT live;
ALTER TABLE calls FORCE ROW LEVEL SECURITY;
