-- A room that an agent's device stands in before a call exists, or the name by which a front end knows a call's room.
CREATE TABLE standing_rooms (
    org_id TEXT NOT NULL,
    call_id TEXT NOT NULL, -- the call that is, or will be, in it; the room is named by it
    user_id TEXT NOT NULL,
    asked_as TEXT NOT NULL, -- the front end's own name for it: looked up, never used as a name of ours
    sid TEXT, -- the agent's leg that opened it; NULL where the call was there first
    conference_sid TEXT, -- once the leg has joined
    sequence BIGINT,
    opened_at BIGINT NOT NULL,
    called_at BIGINT, -- since then it is the call's
    ended_at BIGINT, -- the leg is gone
    PRIMARY KEY (org_id, call_id),
    UNIQUE (org_id, sid)
);
CREATE INDEX standing_rooms_agent ON standing_rooms (org_id, user_id, opened_at DESC);

-- Front ends that poll ask every three seconds who has waited longest: only those who wait stand here, in their order.
CREATE INDEX calls_waiting ON calls (org_id, returned DESC, waiting_since, id) WHERE waiting_since IS NOT NULL;

-- Row level security: an unset organization is an error, not an empty answer; FORCE binds the owner too.
ALTER TABLE standing_rooms ENABLE ROW LEVEL SECURITY;
ALTER TABLE standing_rooms FORCE ROW LEVEL SECURITY;
CREATE POLICY standing_rooms_of_org ON standing_rooms
    USING (org_id = (SELECT current_setting('offhook.org_id')))
    WITH CHECK (org_id = (SELECT current_setting('offhook.org_id')));
