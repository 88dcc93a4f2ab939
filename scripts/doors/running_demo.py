"""A running `offhook demo` as the scripts beside this file see it: its API, its people, its phones, and its carrier's console.

Only Python's own library. Each script makes the requests of one front end, in its order, prints what was answered, and ends with 1
when anything differs from what that system documents:

    offhook demo &
    scripts/doors/forwarding.py            # --app http://localhost:8080
"""
import argparse
import base64
import contextlib
import hashlib
import hmac
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


class Difference(Exception):
    """What was answered is not what is documented."""


class Answer:
    """A status and a body: JSON where it is, text where not."""

    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text
        try:
            self.body = json.loads(text) if text else None
        except ValueError:
            self.body = text

    def __getitem__(self, name):
        return self.body[name]

    def __str__(self):
        shown = json.dumps(self.body, ensure_ascii=False) if not isinstance(self.body, str) else self.body
        return f"{self.status} {shown if len(shown) <= 240 else shown[:240] + ' …'}"


def request(method, url, body=None, form=None, headers=()):
    """One request; an error's answer is an answer."""
    data, kind = None, None
    if form is not None:
        data, kind = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
    elif body is not None:
        data, kind = json.dumps(body).encode(), "application/json"
    asked = urllib.request.Request(url, data=data, method=method, headers=dict(headers))
    if kind:
        asked.add_header("Content-Type", kind)
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return Answer(answer.status, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.headers, refused.read().decode())


def some(value):
    """Anything that is there, whatever it is."""
    return value not in (None, "", [], {})


class Script:
    """The steps of one front end against a running demo."""

    def __init__(self, system):
        arguments = argparse.ArgumentParser(description=f"{system}: its front end's requests against a running demo")
        arguments.add_argument("--app", default="http://localhost:8080", help="the demo's address")
        self.app = arguments.parse_args().app.rstrip("/")
        self.differences = 0
        self.undo = contextlib.ExitStack()
        demo = request("GET", f"{self.app}/api/v1/demo")
        if demo.status != 200:
            sys.exit(f"{self.app} is no running demo: {demo}")
        self.people = demo["users"]
        self.sandbox, self.number, self.customers = demo["sandbox_url"].rstrip("/"), demo["number"], demo["customers"]
        accounts = request("GET", f"{self.sandbox}/sandbox/v1/accounts")["accounts"]
        self.account = next(a for a in accounts if any(n["number"] == self.number for n in a["numbers"]))
        print(f"{system}, against {self.app}\n")

    def ask(self, method, path, body=None, token=None, headers=()):
        """The front end asks, with its bearer token."""
        headers = dict(headers) | ({"Authorization": f"Bearer {token}"} if token else {})
        return request(method, self.app + path, body=body, headers=headers)

    def log_in(self, role, which=0):
        """The first person of the demo who has this role, or another one: token and id."""
        person = [user for user in self.people if user["role"] == role][which]
        login = {"email": person["email"], "password": person["password"]}
        session = request("POST", f"{self.app}/api/v1/session", body=login)
        if session.status not in (200, 201):
            sys.exit(f"{role} cannot log in: {session}")
        return session["token"], session["user"]["id"]

    def signed(self, path, fields):
        """A webhook as the carrier sends it."""
        fields = {"AccountSid": self.account["sid"], **fields}
        said = self.app + path + "".join(name + fields[name] for name in sorted(fields))
        digest = hmac.new(self.account["auth_token"].encode(), said.encode(), hashlib.sha1).digest()
        signature = base64.b64encode(digest).decode()
        return request("POST", self.app + path, form=fields, headers={"X-Twilio-Signature": signature})

    def carrier(self, path, form=None):
        """The team's console, by the carrier's REST API."""
        url = f"{self.sandbox}/2010-04-01/Accounts/{self.account['sid']}{path}"
        login = base64.b64encode(f"{self.account['sid']}:{self.account['auth_token']}".encode()).decode()
        return request("POST" if form else "GET", url, form=form, headers={"Authorization": f"Basic {login}"})

    def console_leads_to(self, voice, status):
        """The number's addresses in the console; as they were, at the end."""
        number = next(n for n in self.carrier("/IncomingPhoneNumbers.json")["incoming_phone_numbers"] if n["phone_number"] == self.number)
        place = f"/IncomingPhoneNumbers/{number['sid']}.json"
        before = {"VoiceUrl": number["voice_url"], "StatusCallback": number["status_callback"]}
        self.undo.callback(self.carrier, place, before)
        self.carrier(place, {"VoiceUrl": self.app + voice, "StatusCallback": self.app + status})

    def phone(self, number, deed, body=None):
        """Somebody holds a phone: `dial`, `answer`, `hangup`, or `behaviour`."""
        number = urllib.parse.quote(number, safe="")
        method = "PUT" if deed == "behaviour" else "POST"
        return request(method, f"{self.sandbox}/sandbox/v1/phones/{number}/{deed}", body=body or {})

    def legs_to(self, number):
        """The carrier's own account of the legs to a number, newest first."""
        calls = request("GET", f"{self.sandbox}/sandbox/v1/calls")["calls"]
        return [leg for leg in calls if leg["to"] == number]

    def ringing(self, number):
        """The leg that makes a phone ring just now."""
        return next((leg for leg in self.legs_to(number) if leg["status"] == "ringing"), None)

    def step(self, what, answer, code=200, **wanted):
        """Prints what was answered, and compares the fields that are documented: with a value, or by a function."""
        wrong = []
        if answer.status != code:
            wrong.append(f"{code} is documented")
        body = answer.body if isinstance(answer.body, dict) else {}
        for name, value in wanted.items():
            got = body.get(name)
            fits = value(got) if callable(value) else got == value
            if not fits:
                wrong.append(f"{name} is {got!r}")
        return self.line(what, str(answer), wrong)

    def fact(self, what, holds, seen=""):
        """Prints something that has to be so."""
        return self.line(what, str(seen), [] if holds else ["it is not so"])

    def line(self, what, seen, wrong):
        print(f"  {'✗' if wrong else '✓'} {what}{'  → ' + seen if seen else ''}")
        for reason in wrong:
            print(f"      differs: {reason}")
        self.differences += bool(wrong)
        return not wrong

    def until(self, what, look, seconds=30):
        """Waits for something that has to come, and prints it; answers what `look` found."""
        end = time.monotonic() + seconds
        while True:
            found = look()
            if found or time.monotonic() > end:
                self.fact(what, bool(found))
                if not found:
                    raise Difference(what)
                return found
            time.sleep(0.3)

    def run(self, steps):
        """Makes the steps, puts everything back, and ends with 1 when anything differed."""
        try:
            with self.undo:
                steps(self)
        except Difference as missing:
            print(f"\nIt cannot go on: {missing}")
        if self.differences:
            sys.exit(f"\n{self.differences} differ.")
        print("\nAll as documented.")
