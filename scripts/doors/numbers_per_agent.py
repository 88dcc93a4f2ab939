#!/usr/bin/env python3
"""Numbers per agent: an admin searches, buys and assigns a number, its agent calls with it and is called at it, and ends the call.
Run it beside a running demo; `running_demo.py` tells how. What it buys of the sandbox is given back at the end."""
from running_demo import Difference, Script, some

OWN_PHONE = "+14155550178"
ADMIN = "/api/admin/twilio"
CALLING = "/api/calling"


def call_of(s, token, call):
    return s.ask("GET", f"/api/v1/calls/{call}", token=token).body


def search(s, admin, agent):
    print("An admin looks for a number")
    path = f"{ADMIN}/available-numbers"
    s.step("GET available-numbers without a token", s.ask("GET", path), 401, error="Access denied")
    s.step("… as an agent", s.ask("GET", path, token=agent), 403, success=False)
    british = lambda numbers: numbers and all(n["phoneNumber"].startswith("+44") for n in numbers)
    s.step("GET available-numbers: British by default", s.ask("GET", path, token=admin), success=True, numbers=british, total=some)
    london = lambda numbers: numbers and all(n["phoneNumber"].startswith("+4420") for n in numbers)
    found = s.ask("GET", f"{path}?areaCode=20", token=admin)
    s.step("GET available-numbers?areaCode=20: London", found, success=True, numbers=london)
    s.step("… with an area that is none", s.ask("GET", f"{path}?areaCode=London", token=admin), 400, field="areaCode")
    return found["numbers"][0]["phoneNumber"]


def buy(s, admin, number):
    print("buys it")
    path = f"{ADMIN}/purchase-number"
    s.step("POST purchase-number without a number", s.ask("POST", path, {}, admin), 400, field="phoneNumber")
    bought = s.ask("POST", path, {"phoneNumber": number}, admin)
    fits = lambda data: data and data["phoneNumber"] == number and str(data["sid"]).startswith("PN") and data["friendlyName"]
    if not s.step("POST purchase-number", bought, success=True, message=some, data=fits):
        raise Difference("nothing was bought")
    here = next(n for n in s.ask("GET", "/api/v1/numbers?limit=200", token=admin)["items"] if n["number"] == number)
    s.undo.callback(s.ask, "POST", f"/api/v1/numbers/{here['id']}/release", {"confirm": number}, admin)
    at_carrier = s.carrier(f"/IncomingPhoneNumbers/{bought['data']['sid']}.json")
    s.fact("its webhooks lead here", at_carrier["voice_url"].startswith(s.app) and at_carrier["status_callback"].startswith(s.app), at_carrier["voice_url"])
    return bought["data"]["sid"]


def listed(s, admin, number):
    numbers = s.ask("GET", f"{ADMIN}/purchased-numbers", token=admin)["numbers"]
    return next((n for n in numbers if n["phoneNumber"] == number), None)


def assign(s, admin, user, number):
    print("and gives it to an agent")
    before = listed(s, admin, number)
    s.fact("GET purchased-numbers: it is nobody's", bool(before) and before["assigned"] is False and before["assignedTo"] is None, before)
    path = f"{ADMIN}/assign-number"
    s.step("POST assign-number without an agent", s.ask("POST", path, {"phoneNumber": number}, admin), 400, field="targetUserId")
    s.step("… a number that is nobody's", s.ask("POST", path, {"targetUserId": user, "phoneNumber": "+442079460999"}, admin), 400, field="phoneNumber")
    calling = f"/api/v1/agents/{user}/calling"
    was = s.ask("GET", calling, token=admin)
    s.undo.callback(s.ask, "PUT", calling, {k: was[k] for k in ("number_id", "caller_id", "record", "own_phone")}, admin)
    body = {"targetUserId": user, "phoneNumber": number, "autoRecord": True, "autoTranscribe": True}
    s.step("POST assign-number", s.ask("POST", path, body, admin), success=True, message=some,
           data=lambda data: data["assignedPhoneNumber"] == number and data["callerIdNumber"] == number and data["autoRecord"] is True)
    after = listed(s, admin, number)
    s.fact("GET purchased-numbers: it is the agent's", bool(after) and after["assigned"] and after["assignedToId"] == user, after)
    s.ask("PUT", calling, {"own_phone": OWN_PHONE}, admin)


def outgoing(s, agent, other, number):
    print("The agent calls with it")
    s.step("GET token", s.ask("GET", f"{CALLING}/token", token=agent), token=some, identity=some, userId=some, phoneNumber=number)
    s.step("POST make-call without a number", s.ask("POST", f"{CALLING}/make-call", {}, agent), 400, field="toNumber")
    body = {"toNumber": s.customers[2], "leadId": "lead-1", "customerId": None, "dealId": "deal-1"}
    started = s.ask("POST", f"{CALLING}/make-call", body, agent)
    if not s.step("POST make-call", started, success=True, callSid=lambda sid: str(sid).startswith("CA"), callRecordId=some):
        raise Difference("no call was made")
    call, sid = started["callRecordId"], started["callSid"]
    s.until("the agent's phone rings first", lambda: (s.ringing(OWN_PHONE) or {}).get("sid") == sid)
    s.phone(OWN_PHONE, "answer")
    s.until("then the customer's, and they talk", lambda: call_of(s, agent, call)["status"] == "in-progress")
    rung = s.legs_to(s.customers[2])[0]
    s.fact("the customer sees the agent's number", number in (rung["from"], call_of(s, agent, call)["from_number"]), rung["from"])
    body = {"callSid": sid, "toNumber": s.customers[2], "leadId": None, "customerId": None, "dealId": None}
    s.step("POST save-call", s.ask("POST", f"{CALLING}/save-call", body, agent), success=True, callId=call)
    s.step("POST end-call without a token", s.ask("POST", f"{CALLING}/end-call", {"callSid": sid}), 401)
    s.step("… by another agent", s.ask("POST", f"{CALLING}/end-call", {"callSid": sid}, other), 403, success=False)
    s.step("… of an unknown call", s.ask("POST", f"{CALLING}/end-call", {"callSid": "CAnobody"}, agent), 404, success=False)
    s.step("POST end-call", s.ask("POST", f"{CALLING}/end-call", {"callSid": sid}, agent), success=True)
    s.until("it is completed", lambda: call_of(s, agent, call)["status"] == "completed")
    s.until("its recording is here", lambda: any(r["status"] == "ready" for r in call_of(s, agent, call)["recordings"]))


def incoming(s, agent, other, admin, sid, number):
    print("A customer calls it")
    place = f"/IncomingPhoneNumbers/{sid}.json"
    s.carrier(place, {"VoiceUrl": f"{s.app}/api/webhooks/twilio/voice", "StatusCallback": f"{s.app}/api/webhooks/twilio/status"})
    s.ask("PUT", "/api/v1/me/availability", {"state": "available"}, agent)
    leg = s.phone(s.customers[3], "dial", {"to": number, "behaviour": {"kind": "human"}})["sid"]
    s.undo.callback(s.phone, s.customers[3], "hangup")
    offers = lambda token: [o for o in s.ask("GET", "/api/v1/offers", token=token)["items"] if o["call"]["from_number"] == s.customers[3]]
    mine = s.until("it is offered to the agent", lambda: offers(agent))
    s.fact("and to nobody else", not offers(other))
    s.phone(s.customers[3], "hangup")
    call = mine[0]["call"]["id"]
    s.until("the caller gives up, and the call says so", lambda: call_of(s, agent, call)["outcome"] == "abandoned")
    lines = s.ask("GET", f"/api/v1/call-events?leg={leg}", token=admin)["items"]
    said = [line["payload"]["said"] or {} for line in lines]
    s.fact("the status callback stands in the event log", any(f.get("CallStatus") == "completed" and f.get("CallDuration") for f in said if isinstance(f, dict)))


def webhooks(s):
    print("The webhooks")
    root = "/api/webhooks/twilio"
    for name in ("voice", "status", "recording"):
        s.step(f"GET {root}/{name}, as a person tries it out", s.ask("GET", f"{root}/{name}"), message=some)
        s.step(f"POST {root}/{name} without a signature", s.ask("POST", f"{root}/{name}"), 403)
    status = {"CallSid": "CAxxxx", "CallStatus": "completed", "CallDuration": "145", "From": "+441234567890", "To": "+441234567891"}
    s.step(f"POST {root}/status", s.signed(f"{root}/status", status), success=True)
    recording = {"CallSid": "CAxxxx", "RecordingSid": "RExxxx", "RecordingStatus": "completed", "RecordingUrl": "https://api.twilio.com/RExxxx", "RecordingDuration": "145"}
    s.step(f"POST {root}/recording", s.signed(f"{root}/recording", recording), success=True)
    arrives = {"CallSid": "CAxxxy", "From": "+441234567890", "To": "+441234567891", "Direction": "inbound", "CallStatus": "ringing"}
    answer = s.signed(f"{root}/voice", arrives)
    s.fact("POST …/voice, to nobody's number: TwiML that ends the call", "text/xml" in answer.headers["Content-Type"] and "<Hangup/>" in answer.text)


def queries(s, agent):
    print("The diagnostic queries")
    s.step("recent calls", s.ask("GET", "/api/v1/calls?limit=20", token=agent), items=some)
    failed = lambda calls: all(call["status"] == "failed" for call in calls)
    s.step("failed calls", s.ask("GET", "/api/v1/calls?status=failed", token=agent), items=failed)


def steps(s):
    (agent, user), (other, _), (admin, _) = s.log_in("agent"), s.log_in("agent", 1), s.log_in("admin")
    s.phone(OWN_PHONE, "behaviour", {"kind": "human"})
    number = search(s, admin, agent)
    sid = buy(s, admin, number)
    assign(s, admin, user, number)
    outgoing(s, agent, other, number)
    incoming(s, agent, other, admin, sid, number)
    webhooks(s)
    queries(s, agent)


if __name__ == "__main__":
    script = Script("Numbers per agent")
    script.run(steps)
