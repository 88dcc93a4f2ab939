#!/usr/bin/env python3
"""Queue and conference: a caller is found by polling, accepted and met in the room that the answer names; a click calls the agent and
then the customer. Run it beside a running demo; `running_demo.py` tells how. The device's own part is told by its webhooks."""
from device import Device, new_sid, room
from forwarding import own_phone
from running_demo import Script, some

OWN_PHONE = "+14155550178"
VOICE = "/api/twilio/webhook/voice"


def polls(s, token):
    return s.ask("GET", "/api/twilio/incoming-calls/pending", token=token, headers={"X-Organization-Slug": s.slug})["incomingCall"]


def incoming(s, token, other, device):
    print("A customer calls, and is found by polling")
    customer = s.customers[0]
    s.phone(customer, "hangup")
    leg = s.phone(customer, "dial", {"to": s.number, "behaviour": {"kind": "human"}})["sid"]
    s.undo.callback(s.phone, customer, "hangup")
    shown = s.until("GET …/incoming-calls/pending shows the caller", lambda: polls(s, token))
    s.fact("callSid, from, to, callerName, timestamp", shown["callSid"] == leg and shown["from"] == customer and all(some(shown[f]) for f in ("to", "callerName", "timestamp")), shown)
    path = "/api/twilio/incoming-calls"
    s.step("POST …/decline by another agent", s.ask("POST", f"{path}/decline", {"callSid": leg}, other), success=True, message=some)
    s.fact("concerns nobody else", polls(s, token) is not None)
    s.step("POST …/accept without callSid", s.ask("POST", f"{path}/accept", {}, token), 400, error=some, field="callSid")
    accepted = s.ask("POST", f"{path}/accept", {"callSid": leg}, token)
    s.step("POST …/accept {callSid}", accepted, success=True, conferenceId=some, message=some)
    s.step("… by somebody else, too late", s.ask("POST", f"{path}/accept", {"callSid": leg}, other), 409, error=some, by=some)
    s.step("… of a call that is none", s.ask("POST", f"{path}/accept", {"callSid": "CAnobody"}, token), 404, error=some)
    name = accepted["conferenceId"]
    own = new_sid()
    joins = device.connects(VOICE, own, conferenceId=name, participant="agent")
    s.fact("connect with conferenceId leads into that room", room(joins.text) == name, joins.text)
    s.fact("nobody waits any more", polls(s, token) is None)
    device.ends(own, 1)
    s.phone(customer, "hangup")
    s.until("the caller is gone", lambda: next(l for l in s.legs_to(s.number) if l["sid"] == leg)["status"] == "completed")


def outgoing(s, token, admin, user, device):
    print("The dialpad")
    path, customer = "/api/twilio/calls", s.customers[1]
    s.step("POST /api/twilio/calls without a token", s.ask("POST", path, {"to": customer}), 401, error="Access denied")
    s.step("… to no number", s.ask("POST", path, {"to": "12"}, token), 400, error=some, field="to")
    own_phone(s, admin, user, OWN_PHONE)
    s.phone(OWN_PHONE, "behaviour", {"kind": "human"})
    started = s.ask("POST", path, {"to": customer, "conferenceId": "conf-1234567890-abc123"}, token)
    if not s.step("POST /api/twilio/calls {to, conferenceId}", started, id=lambda sid: str(sid).startswith("CA"), to=customer):
        return
    leg = started["id"]
    s.until("the agent is rung first", lambda: (s.ringing(OWN_PHONE) or {}).get("sid") == leg)
    s.step("the same click once more is the same call", s.ask("POST", path, {"to": customer, "conferenceId": "conf-1234567890-abc123"}, token), id=leg)
    s.phone(OWN_PHONE, "answer")
    call = f"/api/v1/calls/{started['callId']}"
    s.until("then the customer, and they talk", lambda: s.ask("GET", call, token=token)["status"] == "in-progress")
    s.phone(OWN_PHONE, "hangup")
    s.until("the agent's end is the call's", lambda: s.ask("GET", call, token=token)["status"] == "completed")
    s.until("its recording can be played", lambda: any(r["status"] == "ready" for r in s.ask("GET", call, token=token)["recordings"]))


def webhooks(s):
    print("The webhooks")
    fields = {"CallSid": "CAxxxx", "RecordingSid": "RExxxx", "RecordingStatus": "completed", "RecordingUrl": "https://api.twilio.com/RExxxx", "RecordingDuration": "45"}
    s.step("POST /api/twilio/webhook/recording", s.signed("/api/twilio/webhook/recording", fields), success=True)
    unknown = s.signed(VOICE, {"CallSid": "CAxxxx", "From": "+12345678901", "To": "+12025550199", "Direction": "inbound", "CallStatus": "ringing"})
    s.fact("a number that nobody has: a word and the end", "<Hangup/>" in unknown.text, unknown.text)
    for path in (VOICE, "/api/twilio/webhook/recording"):
        s.step(f"POST {path} without a signature", s.ask("POST", path), 403)


def steps(s):
    (token, user), (other, _), (admin, _) = s.log_in("agent"), s.log_in("supervisor"), s.log_in("admin")
    s.slug = s.ask("GET", "/api/v1/me", token=token)["organization"]["slug"]
    given = s.ask("POST", "/api/twilio/token", {}, token)
    s.step("POST /api/twilio/token", given, token=some, identity=some)
    polls(s, token)
    device = Device(s, given["identity"])
    incoming(s, token, other, device)
    outgoing(s, token, admin, user, device)
    webhooks(s)
    print("The diagnostic queries")
    s.step("is there a configuration", s.ask("GET", "/api/v1/carrier", token=admin), account_sid=some)
    s.step("recent calls", s.ask("GET", "/api/v1/calls?limit=10", token=token), items=some)
    s.step("failed calls", s.ask("GET", "/api/v1/calls?status=failed,no-answer,busy", token=token))


if __name__ == "__main__":
    script = Script("Queue and conference")
    script.run(steps)
