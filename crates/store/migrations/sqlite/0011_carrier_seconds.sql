-- How long the outside party's leg lasted as the carrier counts it; NULL until it was told.
ALTER TABLE calls ADD COLUMN carrier_seconds INTEGER;
