"""What both scripts share: the official client with the one change that any program makes, and waiting."""

import sys
import time

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

SANDBOX, ACCOUNT, TOKEN, NUMBER = sys.argv[1:5]


class Here(TwilioHttpClient):
    """The only change: the sandbox's address stands before every host name."""

    def request(self, method, url, *args, **kwargs):
        return super().request(method, url.replace("https://", f"{SANDBOX}/", 1), *args, **kwargs)


def client(user=ACCOUNT, password=TOKEN, account=ACCOUNT, **places):
    return Client(user, password, account, http_client=Here(), **places)


def until(look, what):
    """Waits until something is so; the answer."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        answer = look()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"never happened: {what}")


def refused(code, status, act):
    try:
        act()
    except TwilioRestException as error:
        assert (error.code, error.status) == (code, status), error
        return
    raise AssertionError(f"{code} was expected")


def step(name):
    print(f"- {name}", flush=True)


def control(method, path, body=None):
    answer = requests.request(method, f"{SANDBOX}/sandbox/v1/{path}", json=body, timeout=10)
    answer.raise_for_status()
    return answer.json() if answer.content else None
