#!/usr/bin/env python3
"""Device SDK: the device redials from a chosen number, the owner's device is rung for a call that comes in, and statuses come at their
documented address. Run it beside a running demo; `running_demo.py` tells how. The device's own part is told by its webhooks."""
import re

from device import Device, attribute, call_by, new_sid, path_of, presence, room
from running_demo import Script, some

VOICE = "/api/twilio/client/voice"
INCOMING = "/api/webhooks/twilio/voice/incoming"
STATUS = "/api/webhooks/twilio/voice/status"


def outgoing(s, token, admin, device):
    print("Redial, from a chosen number")
    leg, phone = new_sid(), new_sid()
    answer = device.connects(VOICE, leg, To="+12025551234", from_number=s.number)
    s.step("POST /api/twilio/client/voice {To, from_number}", answer)
    s.fact("TwiML dials it from the chosen number", ">+12025551234</Number>" in answer.text and attribute(answer.text, "callerId") == s.number)
    s.fact("the row is there at once", call_by(s, token, leg, admin).get("direction") == "outbound")
    action, events = (path_of(s, attribute(answer.text, name)) for name in ("action", "statusCallback"))
    s.fact("its end is told where statuses are", action.startswith(STATUS), action)
    for n, status in enumerate(("ringing", "in-progress", "completed")):
        s.signed(events, {"CallSid": phone, "ParentCallSid": leg, "CallStatus": status, "SequenceNumber": str(n), "CallDuration": "3"})
    last = s.signed(action, {"CallSid": leg, "CallStatus": "in-progress", "DialCallStatus": "completed", "DialCallDuration": "3", "DialCallSid": phone})
    s.fact("the end of a Dial is answered with TwiML", last.status == 200 and "text/xml" in last.headers["Content-Type"] and "<Hangup/>" in last.text)
    status = s.signed(STATUS, {"CallSid": leg, "CallStatus": "completed", "CallDuration": "4"})
    s.fact("and so is a status", status.status == 200 and "text/xml" in status.headers["Content-Type"], status.text)
    s.until("status and duration are there without a refresh", lambda: call_by(s, token, leg, admin).get("status") == "completed")
    other = device.connects(VOICE, new_sid(), To="+12025551234", from_number="+12025550199")
    s.fact("a number that is not ours is never shown", "<Say>" in other.text and "<Dial" not in other.text, other.text)


def own_number(s, admin, user):
    """The number is the agent's, and its route is nobody's choice but the owner's; as it was, at the end."""
    number = next(n for n in s.ask("GET", "/api/v1/numbers", token=admin)["items"] if n["number"] == s.number)
    path = f"/api/v1/numbers/{number['id']}"
    before = {"agent": (number.get("agent") or {}).get("id"), "route": number["route"]}
    s.undo.callback(s.ask, "PATCH", path, before, admin)
    s.ask("PATCH", path, {"agent": user, "route": {"to": {"kind": "ring_agents", "agents": [user], "seconds": 60}}}, admin)


def incoming(s, token, user, admin, device):
    print("A call comes in")
    own_number(s, admin, user)
    caller, leg = new_sid(), new_sid()
    arrives = {"CallSid": caller, "From": "+12345678901", "To": s.number, "Direction": "inbound", "CallStatus": "ringing"}
    answer = s.signed(INCOMING, arrives)
    s.step("POST /api/webhooks/twilio/voice/incoming", answer)
    client = re.search(r"<Client.*?</Client>", answer.text)
    s.fact("TwiML dials the owner's browser client, and no other", client and device.name.removeprefix("client:") in client.group() and answer.text.count("<Client") == 1, answer.text)
    s.fact("the row rings", call_by(s, token, caller, admin).get("status") == "ringing")
    waits = device.taken_up(path_of(s, attribute(client.group(), "url")), leg, caller)
    s.fact("Answer: the call is the agent's before any sound", "<Pause" in waits.text and call_by(s, token, caller, admin)["agent"]["id"] == user, waits.text)
    ended = {"CallSid": caller, "CallStatus": "in-progress", "DialCallStatus": "completed", "DialCallSid": leg}
    led = s.signed(path_of(s, attribute(answer.text, "action")), ended)
    s.fact("both meet in a room that the server names, recorded", some(room(led.text)) and "<Recording" in led.text, room(led.text))
    device.ends(leg, 5)
    s.signed(STATUS, {"CallSid": caller, "CallStatus": "completed", "CallDuration": "9"})
    s.until("it is over", lambda: call_by(s, token, caller, admin).get("ended_at"))


def webhooks(s):
    print("The webhooks")
    unknown = s.signed(INCOMING, {"CallSid": "CAxxxx", "From": "+12345678901", "To": "+12025550199", "Direction": "inbound", "CallStatus": "ringing"})
    s.fact("a number that nobody has: a word and the end", "<Hangup/>" in unknown.text, unknown.text)
    for path in (VOICE, INCOMING, STATUS):
        s.step(f"POST {path} without a signature", s.ask("POST", path), 403)


def steps(s):
    (token, user), (admin, _) = s.log_in("agent"), s.log_in("admin")
    path = "/api/twilio/client/token"
    s.step(f"GET {path} without a token", s.ask("GET", path), 401, error="Access denied")
    given = s.ask("GET", path, token=token)
    s.step(f"GET {path}", given, token=some, identity=some)
    s.until("the agent is available by that", lambda: presence(s, token, user) == "available", 45)
    s.step("GET /ws without a token", s.ask("GET", "/ws"), 401, error="Access denied")
    device = Device(s, given["identity"])
    incoming(s, token, user, admin, device)
    outgoing(s, token, admin, device)
    webhooks(s)


if __name__ == "__main__":
    script = Script("Device SDK")
    script.run(steps)
