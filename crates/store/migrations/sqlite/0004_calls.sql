-- Calls and everything that belongs to them.

-- One conversation with one outside party. Columns before `state` are what lists ask for; `state` is the rest.
-- No CHECK on the carrier's words: a word that Twilio adds must not lose a row.
CREATE TABLE calls (
    org_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    direction TEXT NOT NULL,
    mode TEXT NOT NULL,
    status TEXT NOT NULL,
    phase TEXT NOT NULL,
    live INTEGER NOT NULL, -- not ended
    outcome TEXT,
    disposition TEXT, -- what the agent says it meant
    note TEXT, -- the agent's wrap-up note
    from_number TEXT NOT NULL,
    to_number TEXT NOT NULL,
    party TEXT NOT NULL, -- the outside party's side of the two
    number_id TEXT,
    contact_id TEXT,
    agent_id TEXT,
    queue_id TEXT,
    started_at INTEGER NOT NULL,
    waiting_since INTEGER, -- waits for an agent since then; NULL when it does not
    returned INTEGER NOT NULL, -- had an agent before: stands before all others of its queue
    awaited INTEGER NOT NULL, -- its agent's leg is still to come: that agent is busy
    answered_at INTEGER,
    ended_at INTEGER,
    wrap_up_until INTEGER, -- the agent is in wrap-up until then; NULL when there is none or it was ended early
    heard_at INTEGER NOT NULL, -- the carrier's last word
    price TEXT, -- decimal text, as the carrier gives it
    price_currency TEXT,
    request_key TEXT, -- Idempotency-Key of the agent's request
    state TEXT NOT NULL, -- JSON: the call without its legs and offers
    version INTEGER NOT NULL, -- optimistic lock
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, request_key)
) STRICT;
CREATE INDEX calls_newest ON calls (org_id, started_at DESC, id DESC);
CREATE INDEX calls_agent ON calls (org_id, agent_id, started_at DESC, id DESC);
CREATE INDEX calls_contact ON calls (org_id, contact_id, started_at DESC, id DESC);
CREATE INDEX calls_number ON calls (org_id, number_id, started_at DESC, id DESC);
CREATE INDEX calls_party ON calls (org_id, party, started_at DESC, id DESC);
CREATE INDEX calls_live ON calls (org_id, started_at DESC, id DESC) WHERE live;
CREATE INDEX calls_agent_live ON calls (org_id, agent_id, started_at, id) WHERE live;
CREATE INDEX calls_wrap_up ON calls (org_id, agent_id, wrap_up_until) WHERE wrap_up_until IS NOT NULL;

-- One Twilio CallSid within a call.
CREATE TABLE legs (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    call_id TEXT NOT NULL,
    position INTEGER NOT NULL, -- order of our learning of it
    sid TEXT, -- NULL until the carrier has answered
    role TEXT NOT NULL,
    agent_id TEXT,
    address TEXT NOT NULL,
    status TEXT NOT NULL, -- Twilio's spelling
    live INTEGER NOT NULL, -- not ended as far as we know
    created_at INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at INTEGER,
    price TEXT,
    state TEXT NOT NULL, -- JSON: the whole leg
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, sid),
    FOREIGN KEY (org_id, call_id) REFERENCES calls (org_id, id)
) STRICT;
CREATE INDEX legs_call ON legs (org_id, call_id, position);
CREATE INDEX legs_agent_live ON legs (org_id, agent_id) WHERE live;

-- A waiting call shown to one agent.
CREATE TABLE offers (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    call_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    agent_id TEXT NOT NULL,
    state TEXT NOT NULL,
    offered_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    closed_at INTEGER,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, call_id) REFERENCES calls (org_id, id)
) STRICT;
CREATE INDEX offers_call ON offers (org_id, call_id, position);
CREATE INDEX offers_open ON offers (org_id, agent_id) WHERE state = 'offered';

-- Append-only: what happened to a call, with the full payload; timeline and audit trail.
CREATE TABLE call_events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id TEXT NOT NULL,
    call_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    source TEXT NOT NULL, -- carrier | agent | system
    type TEXT NOT NULL,
    payload TEXT NOT NULL, -- JSON
    key TEXT, -- known repeats; NULL where none can come
    reply TEXT, -- what was answered, given again to a repeat
    UNIQUE (org_id, key),
    FOREIGN KEY (org_id, call_id) REFERENCES calls (org_id, id)
) STRICT;

CREATE INDEX call_events_call ON call_events (org_id, call_id, sequence);

-- The audio of a call.
CREATE TABLE recordings (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    call_id TEXT NOT NULL,
    sid TEXT NOT NULL, -- RE... at the carrier
    status TEXT NOT NULL, -- in-progress | waiting | ready | absent | failed
    channels INTEGER,
    seconds INTEGER,
    started_at INTEGER,
    path TEXT, -- in our storage
    media_type TEXT,
    bytes INTEGER,
    peaks TEXT, -- JSON: the waveform
    error TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, sid),
    FOREIGN KEY (org_id, call_id) REFERENCES calls (org_id, id)
) STRICT;
CREATE INDEX recordings_call ON recordings (org_id, call_id, created_at);

-- A message that a caller left.
CREATE TABLE voicemails (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    call_id TEXT NOT NULL,
    recording_id TEXT, -- NULL until the carrier has told its SID
    seconds INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    heard_at INTEGER,
    heard_by TEXT,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, call_id),
    FOREIGN KEY (org_id, call_id) REFERENCES calls (org_id, id)
) STRICT;
CREATE INDEX voicemails_newest ON voicemails (org_id, created_at DESC, id DESC);

-- Notes that people write on a call.
CREATE TABLE call_notes (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    call_id TEXT NOT NULL,
    author_id TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, call_id) REFERENCES calls (org_id, id)
) STRICT;
CREATE INDEX call_notes_call ON call_notes (org_id, call_id, created_at);
