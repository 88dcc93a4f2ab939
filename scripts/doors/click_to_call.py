#!/usr/bin/env python3
"""Click-to-call and presence: the device dials a number by itself, the row follows the carrier's events, and the agent is On Call and
Available by itself. Run it beside a running demo; `running_demo.py` tells how. The device's own part is told by its webhooks."""
from device import Device, attribute, call_by, new_sid, path_of, presence
from running_demo import Script, some

OUTBOUND = "/api/twilio/outbound"


def dials(s, token, user, admin, device):
    print("A click on a contact's green Call button")
    leg, phone = new_sid(), new_sid()
    answer = device.connects(OUTBOUND, leg, To="202-555-1234", contactName="John Doe")
    s.step("POST /api/twilio/outbound {CallSid, To, contactName, From}", answer)
    call = call_by(s, token, leg, admin)
    action, events = (path_of(s, attribute(answer.text, name)) for name in ("action", "statusCallback"))
    s.fact("TwiML dials the number", ">+12025551234</Number>" in answer.text and "<Dial" in answer.text)
    s.fact("with our number as callerId", attribute(answer.text, "callerId") in (n["number"] for n in s.ask("GET", "/api/v1/numbers", token=admin)["items"]))
    s.fact("action and statusCallback hold the call's id", action.startswith(f"/api/twilio/outbound-status?callId={call['id']}") and events.startswith(f"/api/twilio/outbound-events?callId={call['id']}"), action)
    s.fact("the row: outbound, ringing, the agent's", (call["direction"], call["status"], call["agent"]["id"]) == ("outbound", "ringing", user))
    s.until("the others see On Call", lambda: presence(s, token, user) == "busy")
    for n, status in enumerate(("initiated", "ringing", "in-progress")):
        fields = {"CallSid": phone, "ParentCallSid": leg, "CallStatus": status, "SequenceNumber": str(n), "Timestamp": "Fri, 20 Nov 2026 09:00:00 +0000"}
        s.step(f"POST /api/twilio/outbound-events, {status}", s.signed(events, fields), success=True)
    s.until("the row is in progress, with the time of the answer", lambda: call_by(s, token, leg, admin).get("status") == "in-progress" and call_by(s, token, leg, admin)["answered_at"])
    s.signed(events, {"CallSid": phone, "ParentCallSid": leg, "CallStatus": "completed", "CallDuration": "2", "SequenceNumber": "3"})
    ended = {"CallSid": leg, "CallStatus": "in-progress", "DialCallStatus": "completed", "DialCallDuration": "2", "DialCallSid": phone}
    last = s.signed(action, ended)
    s.step("POST /api/twilio/outbound-status, completed", last)
    s.fact("is TwiML that ends the leg", "<Hangup/>" in last.text)
    device.ends(leg, 3)
    s.until("the row is completed", lambda: call_by(s, token, leg, admin).get("status") == "completed")
    s.fact("with its length", some(call_by(s, token, leg, admin)["duration_seconds"]))
    s.until("nobody is On Call any more; after the wrap-up the agent is available", lambda: presence(s, token, user) == "available", 45)
    return leg


def unanswered(s, token, admin, device):
    print("A number that does not answer")
    for status in ("busy", "no-answer", "failed"):
        leg, phone = new_sid(), new_sid()
        answer = device.connects(OUTBOUND, leg, To="+12025551234")
        action, events = (path_of(s, attribute(answer.text, name)) for name in ("action", "statusCallback"))
        s.signed(events, {"CallSid": phone, "ParentCallSid": leg, "CallStatus": status, "SequenceNumber": "2"})
        told = s.signed(action, {"CallSid": leg, "CallStatus": "in-progress", "DialCallStatus": status, "DialCallSid": phone})
        s.fact(f"{status} is told in words", "<Say>" in told.text and "<Hangup/>" in told.text, told.text)
        device.ends(leg, 2)
        s.until(f"the row is {status}", lambda leg=leg, status=status: call_by(s, token, leg, admin).get("status") == status)


def formats(s, device):
    print("Phone number formatting")
    for to in ("12", "555-1234", "hello", "+1 900 555 0123"):
        told = device.connects(OUTBOUND, new_sid(), To=to)
        s.fact(f"{to!r} is refused before any call, in words", "<Say>" in told.text and "<Dial" not in told.text, told.text)
    for to in ("202-555-1234", "(202) 555-1234", "2025551234", "+12025551234"):
        leg = new_sid()
        answer = device.connects(OUTBOUND, leg, To=to)
        s.fact(f"{to!r} is dialled as +12025551234", ">+12025551234</Number>" in answer.text)
        device.ends(leg, 0)


def webhooks(s):
    print("The webhooks")
    fields = {"CallSid": "CAxxxx", "CallStatus": "ringing", "Timestamp": "now"}
    s.step("POST /api/twilio/outbound-events without callId", s.signed("/api/twilio/outbound-events", fields), 400, error=some, field="callId")
    s.step("… with an unknown one", s.signed("/api/twilio/outbound-events?callId=123", fields), success=True)
    s.step("POST /api/twilio/outbound-status with an unknown one", s.signed("/api/twilio/outbound-status?callId=123", fields | {"DialCallStatus": "completed", "DialCallDuration": "9"}))
    for path in ("outbound", "outbound-status", "outbound-events"):
        s.step(f"POST /api/twilio/{path} without a signature", s.ask("POST", f"/api/twilio/{path}"), 403)


def steps(s):
    (token, user), (admin, _) = s.log_in("agent"), s.log_in("admin")
    s.step("GET /api/twilio/token without a session", s.ask("GET", "/api/twilio/token"), 401, error="Access denied")
    given = s.ask("GET", "/api/twilio/token", token=token)
    s.step("GET /api/twilio/token", given, token=some, identity=some)
    device = Device(s, given["identity"])
    leg = dials(s, token, user, admin, device)
    unanswered(s, token, admin, device)
    formats(s, device)
    webhooks(s)
    print("The diagnostic queries")
    s.step("recent outbound calls", s.ask("GET", "/api/v1/calls?direction=outbound&limit=10", token=token), items=some)
    s.step("an agent's current call", s.ask("GET", "/api/v1/agents", token=token), items=lambda all_: any(a["id"] == user and "presence" in a for a in all_))
    s.step("the call's events", s.ask("GET", f"/api/v1/call-events?leg={leg}", token=admin), items=some)


if __name__ == "__main__":
    script = Script("Click-to-call and presence")
    script.run(steps)
