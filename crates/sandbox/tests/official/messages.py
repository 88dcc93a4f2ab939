"""The official twilio package, unmodified, on messages: sent, received, receipts, files, opt-outs, WhatsApp, services."""

from datetime import datetime, timedelta, timezone

from here import ACCOUNT, NUMBER, SANDBOX, TOKEN, client, control, refused, step, until
from hooks import Hooks

PHONE = "+14155550130"
twilio, hooks = client(), Hooks(TOKEN)


def write(body, channel="sms", **more):
    return control("POST", f"phones/{PHONE}/text", {"to": NUMBER, "body": body, "channel": channel, **more})


def screen():
    return [text["body"] for text in control("GET", f"texts?number=%2B{PHONE[1:]}")["texts"]]


step("a message is sent, with receipts in order")
made = twilio.messages.create(to=PHONE, from_=NUMBER, body="Hello", status_callback=f"{hooks.url}/receipt")
assert (made.status, made.direction, made.num_segments, made.error_code) == ("queued", "outbound-api", "1", None)
hooks.wait("/receipt", MessageStatus="delivered")
told = [params["MessageStatus"] for path, params in hooks.seen if path == "/receipt"]
assert told == ["sending", "sent", "delivered"], told
arrived = until(lambda: (m := twilio.messages(made.sid).fetch()).price and m, "its price")
assert (arrived.status, arrived.price, arrived.price_unit) == ("delivered", "-0.00790", "usd")
assert screen() == ["Hello"]
assert [one.sid for one in twilio.messages.list(to=PHONE, date_sent_after=datetime.now(timezone.utc) - timedelta(hours=1))] == [made.sid]
assert twilio.messages.create(to=PHONE, from_=NUMBER, body="я" * 71).num_segments == "2"

step("a message comes in and is answered")
number = twilio.incoming_phone_numbers.list(phone_number=NUMBER)[0]
number.update(sms_url=f"{hooks.url}/sms")
hooks.twiml["/sms"] = "<Response><Message>Thanks</Message></Response>"
write("Is it open?")
came = hooks.wait("/sms", Body="Is it open?")
assert (came["From"], came["To"], came["SmsStatus"], came["NumMedia"]) == (PHONE, NUMBER, "received", "0")
until(lambda: screen()[-1] == "Thanks", "the answer")
assert {one.direction for one in twilio.messages.list()} == {"outbound-api", "inbound", "outbound-reply"}

step("files both ways")
hooks.twiml["/sms"] = "<Response/>"
write("Look", media=[{"content_type": "image/png", "base64": "AQID"}])
came = hooks.wait("/sms", Body="Look")
assert came["MediaContentType0"] == "image/png"
(file,) = twilio.messages(came["MessageSid"]).media.list()
assert came["MediaUrl0"].endswith(file.sid) and file.content_type == "image/png"
sent = twilio.messages.create(to=PHONE, from_=NUMBER, media_url=[f"{SANDBOX}/sandbox/v1/personas/persona-1/audio"])
until(lambda: twilio.messages(sent.sid).fetch().status == "delivered", "it arrives")
assert twilio.messages(sent.sid).media.list()[0].delete()

step("what fails, and what is refused")
control("PUT", f"phones/{PHONE}/texting", {"fails": 30006})
lost = twilio.messages.create(to=PHONE, from_=NUMBER, body="Hello", status_callback=f"{hooks.url}/lost")
assert hooks.wait("/lost", MessageStatus="undelivered")["ErrorCode"] == "30006"
assert twilio.messages(lost.sid).fetch().error_code == 30006
control("DELETE", f"phones/{PHONE}/texting")
refused(21211, 400, lambda: twilio.messages.create(to="555", from_=NUMBER, body="x"))
refused(21606, 400, lambda: twilio.messages.create(to=PHONE, from_="+14155550777", body="x"))
refused(21617, 400, lambda: twilio.messages.create(to=PHONE, from_=NUMBER, body="x" * 1601))
refused(21701, 400, lambda: twilio.messages.create(to=PHONE, messaging_service_sid="MG" + "0" * 32, body="x"))
refused(20404, 404, lambda: twilio.messages("SM" + "0" * 32).fetch())

step("STOP is the network's matter")
write("stop")
until(lambda: "unsubscribed" in screen()[-1], "the network's answer")
refused(21610, 400, lambda: twilio.messages.create(to=PHONE, from_=NUMBER, body="x"))
write("start")
assert "re-subscribed" in screen()[-1]

step("WhatsApp: free text only after a message")
across = {"to": f"whatsapp:{PHONE}", "from_": f"whatsapp:{NUMBER}", "body": "Hello"}
first = twilio.messages.create(**across)
until(lambda: twilio.messages(first.sid).fetch().error_code == 63016, "it fails")
write("Hi", channel="whatsapp")
assert hooks.wait("/sms", Body="Hi")["WaId"] == PHONE[1:]
second = twilio.messages.create(**across)
until(lambda: twilio.messages(second.sid).fetch().status == "read", "it is read")

step("a service, and messages for later")
service = twilio.messaging.v1.services.create(friendly_name="Shop", status_callback=f"{hooks.url}/service")
assert service.update(sticky_sender=False).sticky_sender is False and service.sid in [one.sid for one in twilio.messaging.v1.services.list()]
refused(21704, 400, lambda: twilio.messages.create(to=PHONE, messaging_service_sid=service.sid, body="x"))
member = service.phone_numbers.create(phone_number_sid=number.sid)
assert member.phone_number == NUMBER and [one.sid for one in service.phone_numbers.list()] == [number.sid]
chosen = twilio.messages.create(to=PHONE, messaging_service_sid=service.sid, body="From the service")
assert (chosen.status, chosen.from_, chosen.num_segments) == ("accepted", None, "0")
assert hooks.wait("/service", MessageStatus="delivered")["MessagingServiceSid"] == service.sid
assert twilio.messages(chosen.sid).fetch().from_ == NUMBER
later = twilio.messages.create(
    to=PHONE, messaging_service_sid=service.sid, body="Later", schedule_type="fixed", send_at=datetime.now(timezone.utc) + timedelta(hours=1)
)
assert later.status == "scheduled" and twilio.messages(later.sid).update(status="canceled").status == "canceled"
assert member.delete() and service.delete()

step("redacted, deleted, and every webhook was signed")
assert twilio.messages(made.sid).update(body="").body == ""
assert twilio.messages(made.sid).delete()
assert not hooks.bad, hooks.bad
