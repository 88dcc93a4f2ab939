-- Who ended a call: customer | agent | supervisor | system | carrier; NULL while it goes on.
ALTER TABLE calls ADD COLUMN ended_by TEXT;
UPDATE calls SET ended_by = json_extract(state, '$.state.by') WHERE NOT live;
