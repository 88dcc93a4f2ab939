-- A room that an agent's device stands in before a call exists, or the name by which a front end knows a call's room.
CREATE TABLE standing_rooms (
    org_id TEXT NOT NULL,
    call_id TEXT NOT NULL, -- the call that is, or will be, in it; the room is named by it
    user_id TEXT NOT NULL,
    asked_as TEXT NOT NULL, -- the front end's own name for it: looked up, never used as a name of ours
    sid TEXT, -- the agent's leg that opened it; NULL where the call was there first
    conference_sid TEXT, -- once the leg has joined
    sequence INTEGER,
    opened_at INTEGER NOT NULL,
    called_at INTEGER, -- since then it is the call's
    ended_at INTEGER, -- the leg is gone
    PRIMARY KEY (org_id, call_id),
    UNIQUE (org_id, sid)
) STRICT;
CREATE INDEX standing_rooms_agent ON standing_rooms (org_id, user_id, opened_at DESC);

-- Front ends that poll ask every three seconds who has waited longest: only those who wait stand here, in their order.
CREATE INDEX calls_waiting ON calls (org_id, returned DESC, waiting_since, id) WHERE waiting_since IS NOT NULL;
