-- When a front end that knows of calls only by its own device was last given a token for it; NULL where it is gone.
ALTER TABLE availability ADD COLUMN device_at INTEGER;
