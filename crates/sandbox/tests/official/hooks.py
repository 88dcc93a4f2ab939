"""An application's webhooks: every request is checked with the official validator, kept, and answered with TwiML."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator


class Hooks:
    def __init__(self, auth_token):
        self.seen = []
        self.bad = []
        self.twiml = {}
        self.changed = threading.Condition()
        validator = RequestValidator(auth_token)
        hooks = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                params = dict(parse_qsl(body, keep_blank_values=True))
                signature = self.headers.get("X-Twilio-Signature", "")
                signed = validator.validate(hooks.url + self.path, params, signature)
                answer = hooks.twiml.get(self.path, "<Response/>").encode()
                with hooks.changed:
                    hooks.seen.append((self.path, params))
                    if not signed:
                        hooks.bad.append((self.path, params))
                    hooks.changed.notify_all()
                self.send_response(200)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, path, **wanted):
        """The first request at the path with these parameters, once it has come."""

        def found():
            for seen, params in self.seen:
                if seen == path and all(params.get(name) == value for name, value in wanted.items()):
                    return params

        with self.changed:
            assert self.changed.wait_for(found, timeout=30), f"{path} {wanted} did not come: {self.seen}"
            return found()
