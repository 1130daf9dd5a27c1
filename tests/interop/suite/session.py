"""What the scenarios know of a client: its operations, its events, and waits with deadlines."""

import threading
from collections.abc import Callable

from .target import Target

DEADLINE_SECS = 15.0


class ClientError(Exception):
    """The library reported an error; the text is the condition it saw."""


class Session:
    """One client under test; after connect() one session. Subclasses carry operations out and report events."""

    def __init__(self, kind: str, target: Target, mode: str) -> None:
        self.kind, self.mode, self.target = kind, mode, target
        self.jid = self.mechanism = ""
        self.bound: dict = {}  # what else the driver tells of its login
        self.events: list[dict] = []
        self._news = threading.Condition()
        self._ended = False

    @property
    def bare(self) -> str:
        """The account's address."""
        return self.jid.split("/")[0]

    def call(self, op: str, secs: float = DEADLINE_SECS, **args: object):
        """Runs one operation and returns its value; an error of the library raises ClientError."""
        raise NotImplementedError

    def stop(self) -> None:
        """Ends the session and its process."""
        raise NotImplementedError

    def log(self) -> str:
        """The end of what the client itself wrote down."""
        raise NotImplementedError

    def _tell(self, record: dict) -> None:
        with self._news:
            self.events.append(record)
            self._news.notify_all()

    def _wait(self, ready: Callable[[], object], what: str, secs: float) -> None:
        with self._news:
            self._news.wait_for(lambda: ready() or self._ended, secs)
            if not ready():
                why = "it ended" if self._ended else f"none within {secs} s"
                raise TimeoutError(f"{self.kind}: no {what}: {why}; last events {self.events[-4:]}; {self.log()}")

    def mark(self) -> int:
        """The place in the event list from which the next wait shall look."""
        return len(self.events)

    def wait_event(self, wanted: Callable[[dict], bool], what: str, since: int = 0, secs: float = DEADLINE_SECS) -> dict:
        """The first event since the mark for which `wanted(event)` holds."""
        found: list[dict] = []

        def ready() -> bool:
            found.extend(e for e in self.events[since:] if wanted(e))
            return bool(found)

        self._wait(ready, what, secs)
        return found[0]

    def wait_message(self, body: str, since: int = 0, *, carbon: str | None = None, secs: float = DEADLINE_SECS) -> dict:
        """A message with that body, direct or as the named kind of carbon ('sent', 'received')."""
        return self.wait_event(
            lambda e: e["event"] == "message" and e.get("body") == body and e.get("carbon") == carbon,
            f"{carbon or 'direct'} message {body!r}", since, secs,
        )

    def count_messages(self, body: str, since: int = 0) -> int:
        """How often a message with that body has come, in whatever way."""
        return sum(1 for e in self.events[since:] if e["event"] == "message" and e.get("body") == body)

    def wait_presence(self, bare: str, type_: str, since: int = 0) -> dict:
        """Presence of that type ('available', 'subscribe', …) from any resource of that account."""
        return self.wait_event(
            lambda e: e["event"] == "presence" and e["type"] == type_ and e["from"].split("/")[0] == bare,
            f"{type_} presence from {bare}", since,
        )

    def connect(self, user: str, password: str, resource: str = "") -> "Session":
        """Logs in, becomes available, turns carbons on."""
        args = self._address() | {"user": user, "password": password, "resource": resource or self.kind}
        bound = self.call("connect", 30, **args)
        self.jid, self.mechanism, self.bound = bound["jid"], bound.get("mechanism", ""), bound
        return self

    def _address(self) -> dict:
        target = self.target
        port = {"starttls": target.port, "tls": target.tls_port, "ws": 0}[self.mode]
        return {"mode": self.mode, "host": target.host, "port": port, "ws": target.ws, "domain": target.domain,
                "cert": target.cert}

    def register(self, user: str, password: str) -> None:
        """Creates an account in band, before authentication, with the library's own means."""
        self.call("register", 30, **self._address(), user=user, password=password)

    def say(self, to: str, body: str) -> None:
        """Sends a chat message."""
        self.call("message", to=to, body=body)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
