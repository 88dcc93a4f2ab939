"""The official twilio package, unmodified but for the host, places and controls calls at the sandbox."""

import io
import wave

import requests
from twilio.twiml.voice_response import Dial, VoiceResponse

from here import ACCOUNT, NUMBER, SANDBOX, TOKEN, client, refused, step, until
from hooks import Hooks

PHONE, COLLEAGUE, BUSY, SILENT, MACHINE = (f"+1415555013{last}" for last in range(5))


def behave(number, behaviour):
    answer = requests.put(f"{SANDBOX}/sandbox/v1/phones/{number}/behaviour", json=behaviour, timeout=10)
    answer.raise_for_status()


def status_of(call):
    return twilio.calls(call.sid).fetch().status


twilio = client()
hooks = Hooks(TOKEN)
speaks = {"kind": "answers", "ring": 0.4, "lines": [{"kind": "bundled", "value": "persona-1"}], "stays": None}
behave(PHONE, {"kind": "human"})
behave(COLLEAGUE, speaks)
behave(BUSY, {"kind": "busy"})
behave(SILENT, {"kind": "no_answer"})

step("the account, its numbers, its TwiML Apps, its keys")
account = twilio.api.accounts(ACCOUNT).fetch()
assert (account.sid, account.status) == (ACCOUNT, "active")
(number,) = twilio.incoming_phone_numbers.list(phone_number=NUMBER)
number.update(voice_url=f"{hooks.url}/inbound", status_callback=f"{hooks.url}/number-ended")
assert twilio.incoming_phone_numbers(number.sid).fetch().voice_url == f"{hooks.url}/inbound"
refused(21405, 400, lambda: number.update(voice_url="", voice_fallback_url=f"{hooks.url}/f"))
refused(21422, 400, lambda: twilio.incoming_phone_numbers.create(phone_number=NUMBER))
bought = twilio.incoming_phone_numbers.create(area_code="628", friendly_name="second")
assert bought.phone_number.startswith("+1628") and bought.capabilities["voice"]
assert bought.delete()
app = twilio.applications.create(friendly_name="softphone", voice_url=f"{hooks.url}/app")
assert twilio.applications.list(friendly_name="softphone")[0].sid == app.sid
assert app.update(status_callback=f"{hooks.url}/app-ended").status_callback == f"{hooks.url}/app-ended"
assert app.delete()
refused(20404, 404, app.fetch)
key = twilio.new_keys.create(friendly_name="test")
by_key = client(key.sid, key.secret)
assert by_key.incoming_phone_numbers.list(limit=1)
refused(20003, 401, by_key.api.accounts(ACCOUNT).fetch)
assert key.sid in [known.sid for known in twilio.keys.list()]

step("refusals")
refused(20003, 401, client(password="wrong").api.accounts(ACCOUNT).fetch)
refused(20404, 404, lambda: twilio.calls("CA" + "0" * 32).fetch())
inline = "<Response><Pause length='60'/></Response>"
refused(21211, 400, lambda: twilio.calls.create(to="12", from_=NUMBER, twiml=inline))
refused(21210, 400, lambda: twilio.calls.create(to=PHONE, from_="+14155550999", twiml=inline))
refused(21205, 400, lambda: twilio.calls.create(to=PHONE, from_=NUMBER, url="nonsense"))
refused(32018, 400, lambda: twilio.calls.create(to=PHONE, from_=NUMBER, twiml="x" * 4001))

step("a call goes from queued over ringing to in-progress, and its callbacks come signed and in order")
hooks.twiml["/answered"] = "<Response><Pause length='60'/></Response>"
call = twilio.calls.create(
    to=PHONE,
    from_=NUMBER,
    url=f"{hooks.url}/answered",
    status_callback=f"{hooks.url}/progress",
    status_callback_event=["initiated", "ringing", "answered", "completed"],
)
assert (call.status, call.direction, call.price) == ("queued", "outbound-api", None)
until(lambda: status_of(call) == "ringing", "ringing")
requests.post(f"{SANDBOX}/sandbox/v1/phones/{PHONE}/answer", timeout=10).raise_for_status()
until(lambda: status_of(call) == "in-progress", "in-progress")
assert hooks.wait("/answered")["CallSid"] == call.sid
assert hooks.wait("/progress", CallStatus="in-progress")["SequenceNumber"] == "2"
refused(21220, 400, lambda: call.update(status="canceled"))

step("its recording is paused, goes on, and lives across a redirect into a room")
recording = twilio.calls(call.sid).recordings.create(
    recording_channels="dual",
    trim="do-not-trim",
    recording_status_callback=f"{hooks.url}/recording",
    recording_status_callback_event=["in-progress", "completed"],
)
assert (recording.call_sid, recording.channels, recording.source) == (call.sid, 2, "StartCallRecordingAPI")
assert hooks.wait("/recording", RecordingStatus="in-progress")["RecordingSid"] == recording.sid
current = twilio.calls(call.sid).recordings("Twilio.CURRENT")
assert current.update(status="paused", pause_behavior="silence").status == "paused"
assert current.update(status="in-progress").status == "in-progress"
assert requests.get(f"{SANDBOX}{recording.uri.replace('.json', '.wav')}", auth=(ACCOUNT, TOKEN), timeout=10).status_code == 404

room = VoiceResponse()
dial = Dial()
dial.conference(
    "room_1",
    beep=False,
    start_conference_on_enter=True,
    participant_label="customer",
    status_callback=f"{hooks.url}/room",
    status_callback_event="start end join leave mute hold",
)
room.append(dial)
call.update(twiml=str(room))
assert hooks.wait("/room", StatusCallbackEvent="participant-join")["ParticipantLabel"] == "customer"

step("a colleague is dialled into the room, held, muted and removed")
(conference,) = twilio.conferences.list(friendly_name="room_1")
people = twilio.conferences(conference.sid).participants
added = people.create(from_=NUMBER, to=COLLEAGUE, label="colleague", early_media=True, end_conference_on_exit=False)
assert added.call_sid != call.sid and added.label == "colleague"
until(lambda: people("colleague").fetch().status == "connected", "the colleague is in")
until(lambda: twilio.conferences(conference.sid).fetch().status == "in-progress", "the conference started")
assert [room.sid for room in twilio.conferences.list(friendly_name="room_1", status="in-progress")] == [conference.sid]
assert {person.call_sid for person in people.list()} == {call.sid, added.call_sid}
assert people(call.sid).update(hold=True).hold
assert [person.call_sid for person in people.list(hold=True)] == [call.sid]
assert not people("customer").update(hold=False).hold
assert people("colleague").update(muted=True).muted
assert hooks.wait("/room", StatusCallbackEvent="participant-mute")["CallSid"] == added.call_sid
refused(20404, 404, lambda: people("nobody").fetch())
assert people("colleague").delete()
assert hooks.wait("/room", StatusCallbackEvent="participant-leave", ParticipantLabel="colleague")
until(lambda: status_of(twilio.calls(added.call_sid).fetch()) == "completed", "the colleague's leg ended")

step("the call ends, and everything about it is told")
call.update(status="completed")
ended = until(lambda: (now := twilio.calls(call.sid).fetch()).status == "completed" and now, "completed")
assert int(ended.duration) >= 1 and ended.end_time >= ended.start_time
final = hooks.wait("/progress", CallStatus="completed")
assert final["CallDuration"] == ended.duration and final["Duration"] == "1"
done = hooks.wait("/recording", RecordingStatus="completed")
assert done["RecordingSid"] == recording.sid and int(done["RecordingDuration"]) >= 1
progress = [params["CallStatus"] for path, params in hooks.seen if path == "/progress"]
assert progress == ["initiated", "ringing", "in-progress", "completed"], progress
refused(21220, 400, lambda: call.update(twiml=inline))
priced = until(lambda: (now := twilio.calls(call.sid).fetch()).price and now, "a price")
assert float(priced.price) < 0 and priced.price_unit == "USD"

step("the recording's sound has the channels that are asked for")
(listed,) = twilio.calls(call.sid).recordings.list()
assert listed.sid == recording.sid and listed.status == "completed"
for channels in (1, 2):
    answer = requests.get(
        f"{SANDBOX}/2010-04-01/Accounts/{ACCOUNT}/Recordings/{recording.sid}.wav?RequestedChannels={channels}",
        auth=(ACCOUNT, TOKEN),
        timeout=10,
    )
    assert answer.headers["Content-Type"] == "audio/x-wav"
    sound = wave.open(io.BytesIO(answer.content))
    assert (sound.getnchannels(), sound.getframerate(), sound.getsampwidth()) == (channels, 8000, 2)
    assert sound.getnframes() >= 2000
assert requests.get(f"{SANDBOX}{listed.uri}", timeout=10).status_code == 401
assert twilio.recordings(recording.sid).delete()
refused(20404, 404, lambda: twilio.recordings(recording.sid).fetch())

step("a phone calls in, waits in a queue, and is taken out of it")
hooks.twiml["/inbound"] = f"<Response><Enqueue waitUrl='{hooks.url}/wait'>line_1</Enqueue></Response>"
hooks.twiml["/wait"] = "<Response><Pause length='30'/></Response>"
hooks.twiml["/taken"] = "<Response><Say>Hello</Say><Hangup/></Response>"
requests.post(f"{SANDBOX}/sandbox/v1/phones/{PHONE}/dial", json={"to": NUMBER}, timeout=10).raise_for_status()
waiting = hooks.wait("/wait")
assert waiting["QueuePosition"] == "1" and waiting["From"] == PHONE and waiting["Direction"] == "inbound"
(queue,) = [queue for queue in twilio.queues.list() if queue.friendly_name == "line_1"]
assert queue.current_size == 1 and queue.update(max_size=7).max_size == 7
(member,) = twilio.queues(queue.sid).members.list()
assert member.call_sid == waiting["CallSid"]
taken = twilio.queues(queue.sid).members("Front").update(url=f"{hooks.url}/taken", method="POST")
assert taken.call_sid == waiting["CallSid"]
hooks.wait("/taken")
hooks.wait("/number-ended", CallStatus="completed")
refused(20404, 404, lambda: twilio.queues(queue.sid).members(waiting["CallSid"]).fetch())

step("streams and transcriptions beside a call")
talking = twilio.calls.create(to=COLLEAGUE, from_=NUMBER, twiml="<Response><Pause length='30'/></Response>")
until(lambda: status_of(talking) == "in-progress", "it is answered")
stream = twilio.calls(talking.sid).streams.create(url="ws://127.0.0.1:9/", name="ears", parameter1_name="a", parameter1_value="b")
assert stream.sid.startswith("MZ") and stream.status == "in-progress"
assert twilio.calls(talking.sid).streams("ears").update(status="stopped").status == "stopped"
words = twilio.calls(talking.sid).transcriptions.create(name="words", partial_results=True)
assert twilio.calls(talking.sid).transcriptions(words.sid).update(status="stopped").status == "stopped"
twilio.calls(talking.sid).update(status="completed")

step("a machine that answers is found out")
behave(MACHINE, {"kind": "machine", "ring": 0.2, "lines": [{"kind": "pause", "value": 4000}], "beep": True, "stays": None})
found = twilio.calls.create(to=MACHINE, from_=NUMBER, twiml="<Response/>", machine_detection="Enable", machine_detection_speech_threshold=1000)
assert until(lambda: twilio.calls(found.sid).fetch().answered_by, "it is clear") == "machine_start"
refused(21207, 400, lambda: twilio.calls.create(to=MACHINE, from_=NUMBER, twiml="<Response/>", machine_detection="Maybe"))

step("calls start one a second, a busy phone is busy, and lists come in pages")
calls = [twilio.calls.create(to=to, from_=NUMBER, twiml=inline) for to in (BUSY, BUSY, SILENT)]
assert int(calls[2].queue_time) > 0, calls[2].queue_time
canceled = calls[2].update(status="canceled")
assert canceled.status == "canceled"
until(lambda: status_of(calls[1]) == "busy", "busy")
every = [call.sid for call in twilio.calls.list()]
assert len(every) == len(set(every)) >= 6
assert [call.sid for call in twilio.calls.list(page_size=2)] == every
assert len(twilio.calls.list(limit=2)) == 2
assert {call.sid for call in twilio.calls.list(status="busy", to=BUSY)} == {calls[0].sid, calls[1].sid}
page = twilio.calls.page(page_size=4)
assert len(list(page)) == 4 and len(list(page.next_page())) >= 1
first = page.next_page().previous_page()
assert [call.sid for call in first] == every[:4]
assert twilio.calls.list(start_time_after=ended.end_time.replace(year=2100)) == []

assert hooks.bad == [], f"badly signed: {hooks.bad}"
print(f"{len(hooks.seen)} webhooks came, each signed")
