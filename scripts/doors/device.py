"""An agent's Voice SDK device as the webhooks show it: what the carrier sends for one that connects, or was rung and taken up."""
import html
import re
import uuid

from running_demo import Difference


def new_sid():
    """A `CallSid` as the carrier makes them."""
    return f"CA{uuid.uuid4().hex}"


def attribute(xml, name):
    """The first attribute of this name, read as the carrier reads it."""
    found = re.search(rf' {name}="([^"]*)"', xml)
    if not found:
        raise Difference(f"{name} in {xml}")
    return html.unescape(found.group(1))


def path_of(s, address):
    """An address that we were handed, without host and without what only the carrier reads."""
    return address.removeprefix(s.app).split("#")[0]


def room(xml):
    """The room that a document leads into."""
    found = re.search(r">([^<>]+)</Conference>", xml)
    return found.group(1) if found else None


class Device:
    """A registered device."""

    def __init__(self, s, identity):
        self.s, self.name = s, f"client:{identity}"

    def connects(self, path, sid, **params):
        """`device.connect({params})`: the App's address is asked."""
        fields = {"CallSid": sid, "From": self.name, "Caller": self.name, "To": "", "Direction": "inbound", "CallStatus": "ringing"}
        return self.s.signed(path, fields | params)

    def taken_up(self, way, sid, parent):
        """The agent answered: the address of the `Client` is asked."""
        fields = {"CallSid": sid, "ParentCallSid": parent, "To": self.name, "Direction": "outbound-dial", "CallStatus": "in-progress"}
        return self.s.signed(way, fields)

    def ends(self, sid, seconds):
        """The device's leg is over."""
        fields = {"CallSid": sid, "CallStatus": "completed", "CallDuration": str(seconds)}
        return self.s.signed("/webhooks/twilio/status", fields)


def call_by(s, token, leg, admin):
    """The call that a leg belongs to."""
    lines = s.ask("GET", f"/api/v1/call-events?limit=1&leg={leg}", token=admin)["items"]
    return s.ask("GET", f"/api/v1/calls/{lines[0]['call_id']}", token=token).body if lines else {}


def presence(s, token, user):
    """What the others see of an agent."""
    agents = s.ask("GET", "/api/v1/agents", token=token)["items"]
    return next(agent["presence"]["state"] for agent in agents if agent["id"] == user)
