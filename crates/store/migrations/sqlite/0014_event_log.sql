-- The event log of all calls is read by time, newest first.
CREATE INDEX call_events_at ON call_events (org_id, at, sequence);
