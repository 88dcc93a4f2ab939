#!/usr/bin/env python3
"""Forwarding and event log: a caller reaches the team's phone, a click calls the agent and then the customer, and the event log
holds what the carrier said of both. Run it beside a running demo; `running_demo.py` tells how."""
from running_demo import Script, some

DESK = "+14155550177"
OWN_PHONE = "+14155550178"


def log_of(s, admin, leg):
    """What the event log holds of a leg's call: each (CallSid, CallStatus)."""
    lines = s.ask("GET", f"/api/v1/call-events?limit=200&leg={leg}", token=admin)["items"]
    said = [line["payload"]["said"] or {} for line in lines]
    return {(f.get("CallSid"), f.get("CallStatus")) for f in said if isinstance(f, dict)}, said


def forward_to(s, admin, phone):
    """The number's route, as the team sets it up; as it was, at the end."""
    number = next(n for n in s.ask("GET", "/api/v1/numbers", token=admin)["items"] if n["number"] == s.number)
    path = f"/api/v1/numbers/{number['id']}"
    s.undo.callback(s.ask, "PATCH", path, {"route": number["route"]}, admin)
    s.ask("PATCH", path, {"route": {"to": {"kind": "forward", "to": phone}}}, admin)


def own_phone(s, admin, user, phone):
    """The agent's own phone; as it was, at the end."""
    before = s.ask("GET", f"/api/v1/users/{user}", token=admin)["own_phone"]
    s.undo.callback(s.ask, "PATCH", f"/api/v1/users/{user}", {"own_phone": before}, admin)
    s.ask("PATCH", f"/api/v1/users/{user}", {"own_phone": phone}, admin)


def call_of(s, token, leg, admin):
    """The call that a leg belongs to."""
    lines = s.ask("GET", f"/api/v1/call-events?limit=1&leg={leg}", token=admin)["items"]
    return s.ask("GET", f"/api/v1/calls/{lines[0]['call_id']}", token=token).body if lines else {}


def incoming(s, token, admin):
    print("A customer calls the number")
    s.phone(DESK, "behaviour", {"kind": "human"})
    leg = s.phone(s.customers[0], "dial", {"to": s.number, "behaviour": {"kind": "human"}})["sid"]
    s.undo.callback(s.phone, s.customers[0], "hangup")
    rings = s.until("the team's phone rings", lambda: s.ringing(DESK))
    s.fact("it shows the original caller", rings["from"] == s.customers[0], rings["from"])
    s.phone(DESK, "answer")
    s.until("the call is in progress", lambda: call_of(s, token, leg, admin).get("status") == "in-progress")
    s.phone(s.customers[0], "hangup")
    s.until("it is completed", lambda: call_of(s, token, leg, admin).get("status") == "completed")
    s.until("its recording is here, with two channels",
            lambda: any(r["status"] == "ready" and r["channels"] == 2 for r in call_of(s, token, leg, admin)["recordings"]))
    call = call_of(s, token, leg, admin)
    s.fact("direction, number and length", call["direction"] == "inbound" and call["from_number"] == s.customers[0] and call["duration_seconds"] >= 0,
           f"{call['direction']} {call['from_number']} {call['duration_seconds']} s")
    wanted = {(rings["sid"], word) for word in ("initiated", "ringing", "in-progress", "completed")} | {(leg, "completed")}
    s.until("every status stands in the event log", lambda: wanted <= log_of(s, admin, leg)[0])
    status = [f for f in log_of(s, admin, leg)[1] if f.get("CallSid") == leg and f.get("CallStatus") == "completed"]
    s.fact("with the whole payload", any(f.get("AccountSid") and f.get("CallDuration") for f in status))
    return leg


def outgoing(s, token, admin):
    print("A click on a contact's phone icon")
    path, customer = "/api/calls/initiate", s.customers[1]
    s.step("POST /api/calls/initiate without a token", s.ask("POST", path, {"to": customer}), 401, error="Access denied")
    s.step("… without `to`", s.ask("POST", path, {}, token), 400, success=False, error=some, field="to")
    s.step("… to no number", s.ask("POST", path, {"to": "12"}, token), 400, success=False, error=some)
    body = {"to": customer, "contactId": "6b1d7f0e-0000-4000-8000-000000000000", "record": True}
    started = s.ask("POST", path, body, token)
    if not s.step("POST /api/calls/initiate {to, contactId, record}", started, success=True, status="queued", callSid=lambda sid: str(sid).startswith("CA")):
        return
    leg = started["callSid"]
    s.until("the agent's phone rings first", lambda: (s.ringing(OWN_PHONE) or {}).get("sid") == leg)
    s.phone(OWN_PHONE, "answer")
    s.until("then the customer's, and they talk", lambda: call_of(s, token, leg, admin).get("status") == "in-progress")
    s.phone(OWN_PHONE, "hangup")
    s.until("it is completed", lambda: call_of(s, token, leg, admin).get("status") == "completed")
    s.until("its recording is here", lambda: any(r["status"] == "ready" for r in call_of(s, token, leg, admin)["recordings"]))
    wanted = {(leg, word) for word in ("ringing", "in-progress", "completed")}
    s.until("every status stands in the event log", lambda: wanted <= log_of(s, admin, leg)[0])


def webhooks(s):
    print("The webhooks, with the document's own examples")
    fields = {"CallSid": "CAxxxx", "CallStatus": "completed", "CallDuration": "145", "Direction": "outbound-api"}
    s.step("POST /api/twilio/voice/status", s.signed("/api/twilio/voice/status", fields), success=True)
    s.step("… without CallSid", s.signed("/api/twilio/voice/status", {"CallStatus": "completed"}), 400, error=some)
    recording = {"CallSid": "CAxxxx", "RecordingSid": "RExxxx", "RecordingUrl": "https://api.twilio.com/recording.mp3", "RecordingDuration": "145"}
    s.step("POST /api/twilio/voice/recording", s.signed("/api/twilio/voice/recording", recording), success=True)
    arrives = {"CallSid": "CAxxxx", "From": "+1234567890", "To": "+0987654321", "Direction": "inbound", "CallStatus": "ringing"}
    answer = s.signed("/api/twilio/voice/answer", arrives)
    s.step("POST /api/twilio/voice/answer, to nobody's number", answer)
    s.fact("is TwiML that ends the call", "text/xml" in answer.headers["Content-Type"] and "<Hangup/>" in answer.text)
    for path in ("answer", "status", "recording"):
        unsigned = s.ask("POST", f"/api/twilio/voice/{path}")
        s.step(f"POST /api/twilio/voice/{path} without a signature", unsigned, 403)


def queries(s, token, admin, leg):
    print("The diagnostic queries")
    s.step("recent calls", s.ask("GET", "/api/v1/calls?limit=10", token=token), items=lambda calls: len(calls) > 1)
    s.step("one call with its events", s.ask("GET", f"/api/v1/call-events?leg={leg}", token=admin), items=some)
    calls = s.ask("GET", "/api/v1/calls?limit=10", token=token)["items"]
    s.fact("recordings", sum(call["has_recording"] for call in calls) >= 2)
    s.step("events of the last hour", s.ask("GET", "/api/v1/call-events?from=2026-01-01T00:00:00Z", token=admin), items=some)


def steps(s):
    (token, user), (admin, _) = s.log_in("agent"), s.log_in("admin")
    s.console_leads_to("/api/twilio/voice/answer", "/api/twilio/voice/status")
    forward_to(s, admin, DESK)
    own_phone(s, admin, user, OWN_PHONE)
    s.phone(OWN_PHONE, "behaviour", {"kind": "human"})
    leg = incoming(s, token, admin)
    outgoing(s, token, admin)
    webhooks(s)
    queries(s, token, admin, leg)


if __name__ == "__main__":
    script = Script("Forwarding and event log")
    script.run(steps)
